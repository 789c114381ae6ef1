'use strict';

// Accounts as people meet them: the first owner, an invited editor, a second factor and its loss.

const assert = require('node:assert/strict');
const {spawn, execFileSync} = require('node:child_process');
const {createHmac} = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');
const {By, openBrowser, setScheme, setSize, until} = require('../lib/browser');
const {located} = require('../lib/connect');

const BIN = process.env.CARPORT_BIN;
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.CARPORT_SCREENSHOTS;
const PASSWORD = 'apple trees in may';
const VIEWS = [[1280, 900, 'light'], [1280, 900, 'dark'], [320, 640, 'light'], [320, 640, 'dark']];

/** A `carport serve` of its own, with the set-up link that it prints on standard error. */
async function startServe() {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-accounts-'));
  const server = spawn(BIN, ['serve', '--json', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (chunk) => { said += chunk; });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const line = await Promise.race([
    new Promise((resolve) => server.stdout.once('data', resolve)),
    exited.then(() => Promise.reject(new Error(`carport serve ended:\n${said}`))),
  ]);
  while (!said.includes('token=')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: JSON.parse(line).url,
    link: said.match(/http\S+token=\S+/)[0],
    cli: (...args) => execFileSync(BIN, [...args, '--data', data], {encoding: 'utf8'}),
    async stop() {
      server.kill('SIGTERM');
      await exited;
      fs.rmSync(data, {recursive: true, force: true});
    },
  };
}

/** The code of an authenticator app, some steps from now (RFC 6238). */
function code(secret, steps = 0) {
  const digits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(digits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  const four = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(four % 1_000_000).padStart(6, '0');
}

let carport;
let owner;
let editor;

before(async() => {
  carport = await startServe();
  owner = await openBrowser();
  editor = await openBrowser({javascript: false});
  for (const driver of [owner, editor]) {
    await setSize(driver, 1280, 900);
  }
  if (SHOTS) {
    fs.mkdirSync(SHOTS, {recursive: true});
  }
});

after(async() => {
  await owner?.end();
  await editor?.end();
  await carport?.stop();
});

const type = async(driver, id, text) => {
  const field = await located(driver, By.id(id));
  await field.clear();
  await field.sendKeys(text);
};
const click = async(driver, id) => (await located(driver, By.id(id))).click();
const body = (driver) => driver.findElement(By.css('body')).getText();
const at = (driver, where) => driver.wait(until.urlMatches(where), 10_000, `${where}`);

/** Holds a page against axe-core and against sideways scrolling, in each view. */
async function look(driver, name) {
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
      const {data} = await driver.sendAndGetDevToolsCommand('Page.captureScreenshot', {captureBeyondViewport: true});
      fs.writeFileSync(path.join(SHOTS, `accounts-${name}-${width}-${scheme}.png`), data, 'base64');
    }
  }
  await setSize(driver, 1280, 900);
}

describe('from the first start on', () => {
  let invitation;

  test('nobody comes in before there is an owner', async() => {
    await owner.get(`${carport.url}/dashboard/team`);
    await at(owner, /sign-in/);
    assert.match(await body(owner), /set-up link/);
    await look(owner, 'closed');
  });

  test('the set-up link makes the first owner and signs them in', async() => {
    await owner.get(carport.link);
    await look(owner, 'set-up');
    await type(owner, 'email', 'maya@example.org');
    await type(owner, 'name', 'Maya');
    await type(owner, 'password', 'short');
    await click(owner, 'go-button');
    assert.match(await owner.getTitle(), /^Error:/);
    await look(owner, 'set-up-error');
    await type(owner, 'password', PASSWORD);
    await click(owner, 'go-button');
    await at(owner, /\/dashboard$/);
    assert.match(await body(owner), /Signed in as Maya, owner/);
  });

  test('an invited editor joins, without JavaScript', async() => {
    await owner.get(`${carport.url}/dashboard/team`);
    await look(owner, 'team');
    await type(owner, 'email', 'bo@example.org');
    await (await located(owner, By.css('input[value=admin]'))).click();
    await click(owner, 'invite-button');
    invitation = await (await located(owner, By.id('invitation-link'))).getText();
    await look(owner, 'invited');
    await editor.get(invitation);
    await type(editor, 'name', 'Bo');
    await type(editor, 'password', PASSWORD);
    await click(editor, 'go-button');
    await at(editor, /\/dashboard$/);
    assert.match(await body(editor), /Signed in as Bo, admin/);
    await editor.get(invitation);
    assert.match(await body(editor), /does not work any more/);
  });

  test('a changed role counts at once, and what it forbids is refused', async() => {
    await editor.get(`${carport.url}/dashboard/team`);
    await type(editor, 'email', 'eve@example.org');
    await owner.get(`${carport.url}/dashboard/team`);
    await owner.findElement(By.linkText('Bo')).click();
    await (await located(owner, By.css('input[value=viewer]'))).click();
    await look(owner, 'member');
    await click(owner, 'role-button');
    await at(owner, /did=role/);
    await click(editor, 'invite-button');
    assert.match(await body(editor), /Your role is viewer; this needs admin or more/);
    assert.doesNotMatch(carport.cli('user', 'list'), /eve@/);
    await editor.get(`${carport.url}/dashboard/team`);
    assert.equal((await editor.findElements(By.id('invite-button'))).length, 0);
  });

  test('the audit log tells it', async() => {
    await owner.get(`${carport.url}/dashboard/audit`);
    const text = await body(owner);
    for (const action of ['member.created', 'member.invited', 'member.joined', 'member.role_changed', 'session.started']) {
      assert.ok(text.includes(action), action);
    }
    assert.doesNotMatch(text, /@example/);
    await look(owner, 'audit');
    await (await located(owner, By.css('#action option[value="member.invited"]'))).click();
    await click(owner, 'filter-button');
    await at(owner, /action=member.invited/);
    assert.doesNotMatch(await owner.findElement(By.css('tbody')).getText(), /session.started/);
  });
});

describe('a second factor', () => {
  let secret;
  let codes;

  const signIn = async() => {
    await owner.get(`${carport.url}/dashboard/sign-in?next=/dashboard/account`);
    await type(owner, 'email', 'maya@example.org');
    await type(owner, 'password', PASSWORD);
    await click(owner, 'go-button');
  };

  test('is enrolled with a code of the app', async() => {
    await owner.get(`${carport.url}/dashboard/account`);
    await look(owner, 'account');
    await click(owner, 'factor-link');
    secret = (await (await located(owner, By.id('secret-text'))).getText()).replaceAll(' ', '');
    await look(owner, 'factor');
    await type(owner, 'code', code(secret));
    await click(owner, 'enrol-button');
    codes = (await (await located(owner, By.id('codes'))).getText()).split('\n');
    assert.equal(codes.length, 10);
    await look(owner, 'codes');
  });

  test('is asked for, and a recovery code stands in once', async() => {
    await owner.get(`${carport.url}/dashboard/account`);
    await look(owner, 'account-factor');
    await click(owner, 'sign-out-button');
    await at(owner, /did=out/);
    await look(owner, 'sign-in');
    await signIn();
    await at(owner, /second-factor/);
    await type(owner, 'code', '000000');
    await click(owner, 'go-button');
    assert.match(await body(owner), /not the one/);
    await look(owner, 'code-error');
    await type(owner, 'code', codes[0]);
    await click(owner, 'go-button');
    await at(owner, /dashboard\/account$/);
    assert.match(await body(owner), /9 of your recovery codes/);
    await click(owner, 'sign-out-button');
    await signIn();
    await type(owner, 'code', codes[0]);
    await click(owner, 'go-button');
    assert.match(await body(owner), /not the one/);
    // The app shows this one next; a little early is fine.
    await type(owner, 'code', code(secret, 1));
    await click(owner, 'go-button');
    await at(owner, /dashboard\/account$/);
  });

  test('is turned off by the operator when everything is lost', async() => {
    await click(owner, 'sign-out-button');
    assert.match(carport.cli('user', 'disable-totp', 'maya@example.org'), /off/);
    await signIn();
    await at(owner, /dashboard\/account$/);
    const link = carport.cli('user', 'sign-in-link', 'bo@example.org').trim();
    await editor.get(link);
    assert.match(await body(editor), /Signed in as Bo, viewer/);
  });
});
