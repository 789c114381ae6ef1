'use strict';

// A server with accounts, and what its pages are used with.

const assert = require('node:assert/strict');
const {spawn, execFileSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {By, until} = require('../lib/browser');
const {located} = require('../lib/connect');

const BIN = process.env.CARPORT_BIN;

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

module.exports = {at, body, click, says, startServe, type};
