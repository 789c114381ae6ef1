'use strict';

// An application of its own origin: a page with the SDK, and a redirect page that it serves itself.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const NPM = fs.readFileSync(require.resolve('@smartcar/auth'), 'utf8');
const PAGE = fs.readFileSync(path.join(__dirname, 'page.js'), 'utf8');

/** The page; `sdk` is where the script comes from. */
const application = (sdk) => `<!doctype html><html lang="en"><title>An application</title>
  <button id="open">Connect</button>
  <button id="one">One</button> <button class="more">Two</button> <button class="more">Three</button>
  <script src="${sdk}"></script><script src="/page.js"></script>`;

/** Carport's script on a redirect page of the application's own; `target` is where it may post. */
const callback = (script, target) => `<!doctype html><html lang="en"><title>Back</title>
  <script src="${script}"${target ? ` data-target="${target}"` : ''}></script>`;

/** Resolves to the running site; `pages` are those it is given besides. */
async function startSite() {
  const pages = {};
  const server = http.createServer((request, response) => {
    const {pathname, searchParams} = new URL(request.url, 'http://localhost');
    const answer = {
      '/': () => ['text/html', application(searchParams.get('sdk'))],
      '/npm.js': () => ['text/javascript', NPM],
      '/page.js': () => ['text/javascript', PAGE],
      '/callback': () => ['text/html', callback(searchParams.get('script'), searchParams.get('target'))],
    }[pathname];
    const [type, body] = answer ? answer() : ['text/html', pages[pathname] ?? ''];
    response.writeHead(body ? 200 : 404, {'content-type': `${type}; charset=utf-8`});
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  return {
    origin: `http://localhost:${port}`,
    /** The same page for browsers, another origin for their rules. */
    other: `http://127.0.0.1:${port}`,
    pages,
    close: () => server.close(),
  };
}

module.exports = {startSite};
