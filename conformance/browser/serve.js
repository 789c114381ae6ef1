'use strict';

// A server with accounts, and what its pages are looked at with.

const assert = require('node:assert/strict');
const {spawn, execFileSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {By, setScheme, setSize, until} = require('../lib/browser');
const {located} = require('../lib/connect');

const BIN = process.env.CARPORT_BIN;
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.CARPORT_SCREENSHOTS;
const VIEWS = [[1280, 900, 'light'], [1280, 900, 'dark'], [320, 640, 'light'], [320, 640, 'dark']];

/** A `carport serve` of its own, with the set-up link that it prints on standard error; settings are those of its environment. */
async function startServe(settings = {}) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-accounts-'));
  const server = spawn(BIN, ['serve', '--json', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, ...settings},
  });
  let said = '';
  server.stderr.on('data', (chunk) => { said += chunk; });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const line = await Promise.race([
    new Promise((resolve) => server.stdout.once('data', resolve)),
    exited.then(() => Promise.reject(new Error(`carport serve ended:\n${said}`))),
  ]);
  while (!settings.CARPORT_OWNER_EMAIL && !said.includes('token=')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: JSON.parse(line).url,
    link: said.match(/http\S+token=\S+/)?.[0],
    cli: (...args) => execFileSync(BIN, [...args, '--data', data], {encoding: 'utf8'}),
    async stop() {
      server.kill('SIGTERM');
      await exited;
      fs.rmSync(data, {recursive: true, force: true});
    },
  };
}

const type = async(driver, id, text) => {
  const field = await located(driver, By.id(id));
  await field.clear();
  await field.sendKeys(text);
};
const click = async(driver, id) => (await located(driver, By.id(id))).click();
const body = (driver) => driver.findElement(By.css('body')).getText();
/** Waits until the page says something; the page after a click may still be on its way. */
const says = async(driver, what) => {
  let text = '';
  await driver.wait(async() => {
    text = await body(driver).catch(() => '');
    return what.test(text);
  }, 10_000).catch(() => assert.match(text, what));
};
const at = (driver, where) => driver.wait(until.urlMatches(where), 10_000, `${where}`);

/** Holds a page of a suite against axe-core and against sideways scrolling, in each view. */
const looker = (suite) => async(driver, name) => {
  for (const [width, height, scheme] of VIEWS) {
    await setSize(driver, width, height);
    await setScheme(driver, scheme);
    await driver.executeScript(`${AXE}; return null`);
    const violations = await driver.executeAsyncScript(`
      const done = arguments[arguments.length - 1];
      axe.run(document, {preload: false, resultTypes: ['violations']})
        .then((result) => done(result.violations), (error) => done([{id: String(error), impact: 'critical', nodes: []}]));
    `);
    const bad = violations.filter(({impact}) => ['serious', 'critical'].includes(impact));
    assert.deepEqual(bad.map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target)}`), [], `${name} ${width} ${scheme}`);
    const wide = await driver.executeScript('return document.documentElement.scrollWidth');
    assert.ok(wide <= width, `${name} is ${wide} wide at ${width}`);
    if (SHOTS) {
      fs.mkdirSync(SHOTS, {recursive: true});
      const {data} = await driver.sendAndGetDevToolsCommand('Page.captureScreenshot', {captureBeyondViewport: true});
      fs.writeFileSync(path.join(SHOTS, `${suite}-${name}-${width}-${scheme}.png`), data, 'base64');
    }
  }
  await setSize(driver, 1280, 900);
};

module.exports = {at, body, click, looker, says, startServe, type};
