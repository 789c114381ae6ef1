'use strict';

// Runs every ```sh block of a document in one shell, writes every file it says to save, starts what
// serves in the background, and clicks through each application the way the text says. The ports
// are those of the text, so they must be free.

const assert = require('node:assert/strict');
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');
const {answers, freePort} = require('../lib/carport');
const {openBrowser} = require('../lib/browser');
const {decide, enter, showsVehicle} = require('../lib/connect');

const ROOT = path.join(__dirname, '../..');
const BIN = process.env.CARPORT_BIN;
const CARPORT_PORT = 2277;
const APP_PORT = 8000;

const LEFT_OUT = [
  [/\bcargo xtask\b/, 'it runs this suite among others'],
  [/\bgit clone\b|rustup\.rs|\bdocker\b|\bapt(-get)? install\b/, 'it needs more of the network than npm and pip'],
];

// What serves until it is stopped, and the ports it takes.
const SERVERS = [
  [/carport.* (dev|serve)\b(?!.*--help).*--no-tutorial/, [CARPORT_PORT]],
  [/carport.* dev\b(?!.*--help)/, [CARPORT_PORT, APP_PORT]],
  [/carport.* serve\b(?!.*--help)/, [CARPORT_PORT]],
  [/carport-tutorial-app|^node app\.js/m, [APP_PORT]],
];

/** The blocks of a document in order: `{run}`, or `{file, text}` after "Save this as". */
function blocksOf(document) {
  const fence = /(?:Save this as `([^`]+)`[^\n]*\n\n)?^```(\w+)\n(.*?)^```$/gms;
  return [...document.matchAll(fence)]
    .map(([, file, language, text]) => (file ? {file, text} : language === 'sh' ? {run: text} : null))
    .filter(Boolean);
}

/** The reader has built both programs; the caller of this suite has too. */
function built(command) {
  const app = process.env.CARPORT_TUTORIAL_BIN
    || path.join(path.dirname(BIN), 'carport-tutorial-app');
  const runApp = fs.existsSync(app)
    ? app
    : `cargo run --manifest-path ${ROOT}/Cargo.toml -p carport-tutorial-app`;
  return command
    .replaceAll('cargo run --release --', BIN)
    .replaceAll('cargo run -p carport-tutorial-app', runApp);
}

for (const name of ['README.md', 'docs/guide/getting-started.md']) {
  const source = path.join(ROOT, name);
  const blocks = fs.existsSync(source) ? blocksOf(fs.readFileSync(source, 'utf8')) : [];
  if (blocks.length > 0) {
    describe(name, () => follow(blocks));
  }
}

function follow(blocks) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-guide-'));
  const state = path.join(folder, '.shell-state');
  const home = path.join(folder, 'repository');
  const running = [];
  let driver;

  before(async() => {
    fs.mkdirSync(path.join(home, 'target/release'), {recursive: true});
    fs.symlinkSync(BIN, path.join(home, 'target/release/carport'));
    fs.writeFileSync(state, `cd '${home}'\n`);
    driver = await openBrowser();
  });

  after(async() => {
    await driver?.end();
    for (const server of running.splice(0)) {
      await stop(server);
    }
    fs.rmSync(folder, {recursive: true, force: true});
  });

  blocks.forEach(({run, file, text}, at) => {
    const title = `${at + 1}. ${file ? `save ${file}` : run.trim().split('\n').at(-1)}`;
    if (file) {
      test(title, async() => {
        const {output} = await shell('pwd');
        fs.writeFileSync(path.join(output.trim(), file), text);
      });
    } else if (LEFT_OUT.some(([pattern]) => pattern.test(run))) {
      const [, skip] = LEFT_OUT.find(([pattern]) => pattern.test(run));
      test(title, {skip}, () => {});
    } else {
      const server = SERVERS.find(([pattern]) => pattern.test(built(run)));
      test(title, () => (server ? serve(run, server[1]) : command(run)));
    }
  });

  /** Goes on where the last block ended: same folder, same variables. */
  const inState = (text) => `source '${state}'\nset -e\n${built(text)}`;

  async function shell(text) {
    const child = spawn('bash', ['-c', `${inState(text)}
      { export -p; echo "cd '$PWD'"; } > '${state}'`], {stdio: ['ignore', 'pipe', 'pipe']});
    let output = '';
    let log = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (log += chunk));
    const status = await new Promise((resolve) => child.once('close', resolve));
    return {status, output, log};
  }

  async function command(text) {
    const {status, output, log} = await shell(text);
    assert.equal(status, 0, `${text}${output}${log}`);
  }

  async function serve(text, ports) {
    for (const server of running.filter((other) => other.ports.some((port) => ports.includes(port)))) {
      running.splice(running.indexOf(server), 1);
      await stop(server);
    }
    for (const port of ports) {
      assert.equal(await freePort(port), port, `port ${port} is in use; the text needs it`);
    }
    const child = spawn('bash', ['-c', inState(text)], {
      stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    });
    const server = {text, ports, child, log: ''};
    child.stdout.on('data', (chunk) => (server.log += chunk));
    child.stderr.on('data', (chunk) => (server.log += chunk));
    server.ended = new Promise((resolve) => child.once('close', resolve));
    running.push(server);
    const early = server.ended.then((status) => assert.fail(`ended with ${status}:\n${server.log}`));
    for (const port of ports) {
      await Promise.race([answers(`http://localhost:${port}/`, {seconds: 600}), early]);
    }
    early.catch(() => {});
    if (ports.includes(APP_PORT)) {
      await clickThrough();
    }
  }

  /** "Open <http://localhost:8000/login>, choose Connect": every application here does the same. */
  async function clickThrough() {
    await enter(driver, `http://localhost:${APP_PORT}/login`);
    await decide(driver, {redirectUri: `http://localhost:${APP_PORT}/exchange`});
    await showsVehicle(driver);
  }

  /** Ctrl-C, after which Carport says goodbye in order. */
  async function stop(server) {
    process.kill(-server.child.pid, 'SIGINT');
    const status = await server.ended;
    if (server.ports.includes(CARPORT_PORT)) {
      assert.equal(status, 0, `${server.text}ended with ${status}:\n${server.log}`);
    }
  }
}
