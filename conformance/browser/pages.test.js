'use strict';

// Every page: accessibility, width, weight, headers, and nobody else asked.

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {events, openBrowser, setScheme, setSize} = require('../lib/browser');
const {REDIRECT_URI, checkPage} = require('../lib/connect');
const {VIEWS, problems, shoot} = require('./looks');
const {PAGES} = require('./pages');

const WIRE_LIMIT = 15_000;

let carport;
let driver;

before(async() => {
  carport = await startCarport();
  driver = await openBrowser({network: true});
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

test('the accessibility check sees what is wrong', async() => {
  await driver.get('data:text/html,<body style="background:white"><p style="color:%23ccc">pale</p><input>');
  const found = await problems(driver);
  for (const rule of ['color-contrast', 'html-has-lang', 'label']) {
    assert.ok(found.some((problem) => problem.startsWith(`${rule}:`)), `${rule} in ${found}`);
  }
});

for (const [name, {reach, step, other, script}] of Object.entries(PAGES)) {
  describe(name, () => {
    let network;

    before(async() => {
      // A fresh owner each time, and nothing from the cache, so that every byte is counted.
      await driver.sendDevToolsCommand('Network.clearBrowserCookies');
      await driver.sendDevToolsCommand('Network.setCacheDisabled', {cacheDisabled: true});
      await setSize(driver, 1280, 900);
      await setScheme(driver, 'light');
      await events(driver);
      await reach(driver, carport);
      network = readNetwork(await events(driver));
    });

    if (step) {
      test('keeps the rules for drivers', () => checkPage(driver, step, REDIRECT_URI));
    }

    test('asks nobody else', () => {
      const strangers = network.urls.filter((url) => !url.startsWith(`${carport.url}/`));
      assert.deepEqual(strangers, []);
    });

    test('weighs less than 15 KB with its style', (t) => {
      t.diagnostic(`${network.bytes} bytes`);
      assert.ok(network.bytes > 0);
      assert.ok(network.bytes < WIRE_LIMIT, `${network.bytes} bytes`);
    });

    test('is compressed', () => {
      assert.match(network.headers['content-encoding'] ?? 'not at all', /^(br|gzip|zstd)$/);
    });

    test('sends the security headers', () => checkHeaders(network.headers, {other, script}));

    for (const [width, height, scheme] of VIEWS) {
      test(`${width} pixels, ${scheme}: fits and is accessible`, async() => {
        await setSize(driver, width, height);
        await setScheme(driver, scheme);
        await shoot(driver, `${name}-${width}-${scheme}`);
        const actual = await driver.executeScript('return document.documentElement.scrollWidth');
        assert.ok(actual <= width, `the page is ${actual} px wide`);
        assert.deepEqual(await driver.executeScript(squeezed), [], 'text has room for a few words');
        assert.deepEqual(await problems(driver), []);
      });
    }

    test('changes its colours with the scheme', async() => {
      const ground = async(scheme) => {
        await setScheme(driver, scheme);
        return driver.executeScript('return getComputedStyle(document.body).backgroundColor');
      };
      assert.notEqual(await ground('light'), await ground('dark'));
    });
  });
}

/** What the last page load asked for, and what its document and style weighed. */
function readNetwork(log) {
  const of = (method) => log.filter((event) => event.method === method).map(({params}) => params);
  const sent = of('Network.requestWillBeSent');
  // A page may go on to an application's own scheme, which nobody answers.
  const last = sent.filter(({type, request}) => type === 'Document' && isWeb(request.url)).at(-1);
  const counted = new Set(sent
    .filter(({loaderId, type}) => loaderId === last.loaderId && ['Document', 'Stylesheet'].includes(type))
    .map(({requestId}) => requestId));
  const bytes = of('Network.loadingFinished')
    .filter(({requestId}) => counted.has(requestId))
    .reduce((sum, {encodedDataLength}) => sum + encodedDataLength, 0);
  const {response} = of('Network.responseReceived').find(({requestId}) => requestId === last.requestId);
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([key, value]) => [key.toLowerCase(), value]),
  );
  return {bytes, headers, urls: sent.map(({request}) => request.url).filter(isWeb)};
}

const isWeb = (url) => /^https?:/.test(url);

/** House style section 10 and Connect contract B.7. */
function checkHeaders(headers, {other, script}) {
  const policy = Object.fromEntries(
    headers['content-security-policy'].split(';').map((part) => {
      const [directive, ...values] = part.trim().split(/\s+/);
      return [directive, values.join(' ')];
    }),
  );
  assert.equal(policy['default-src'], "'none'");
  assert.equal(policy['frame-ancestors'], "'none'");
  assert.equal(policy['style-src'], "'self'");
  assert.doesNotMatch(headers['content-security-policy'], /unsafe-|\*/);
  if (policy['form-action'] !== undefined) {
    assert.equal(policy['form-action'], "'self'");
  }
  if (!other) {
    const scripts = policy['script-src'] ?? "'none'";
    assert.match(scripts, script ? /^'sha256-[^' ]+'$/ : /^'none'$/, 'no scripts in Connect');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    // Otherwise window.opener is lost (B.8).
    assert.ok([undefined, 'unsafe-none'].includes(headers['cross-origin-opener-policy']));
  }
}

/**
 * Runs in the page: boxes of text too narrow to read, but for what only screen readers or browsers
 * without scripts meet, and for lists that the browser itself opens.
 */
function squeezed() {
  const seen = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll('.unseen').forEach((part) => part.remove());
    return copy.textContent.trim();
  };
  return [...document.body.querySelectorAll(':not(noscript, option, optgroup)')]
    .filter((element) => {
      const {display, position} = getComputedStyle(element);
      return !/inline|none|contents/.test(display) && position !== 'absolute'
        && seen(element).length > 20
        && element.getBoundingClientRect().width < 72;
    })
    .map((element) => `${element.localName}: ${element.textContent.trim()}`);
}
