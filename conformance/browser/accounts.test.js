'use strict';

// Accounts as people meet them: the first owner, an invited editor, a second factor and its loss.

const assert = require('node:assert/strict');
const {createHmac} = require('node:crypto');
const {after, before, describe, test} = require('node:test');
const {By, openBrowser, setSize} = require('../lib/browser');
const {located} = require('../lib/connect');
const {looker} = require('./looks');
const {at, body, click, says, startServe, type} = require('./serve');

const PASSWORD = 'apple trees in may';

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
});

after(async() => {
  await owner?.end();
  await editor?.end();
  await carport?.stop();
});

const look = looker('accounts');

describe('from the first start on', () => {
  let invitation;

  test('nobody comes in before there is an owner', async() => {
    await owner.get(`${carport.url}/dashboard/team`);
    await at(owner, /sign-in/);
    await says(owner, /set-up link/);
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
    await says(owner, /Signed in as Maya, owner/);
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
    await says(editor, /Signed in as Bo, admin/);
    await editor.get(invitation);
    await says(editor, /does not work any more/);
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
    await says(editor, /Your role is viewer; this needs admin or more/);
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
    await says(owner, /not the one/);
    await look(owner, 'code-error');
    await type(owner, 'code', codes[0]);
    await click(owner, 'go-button');
    await at(owner, /dashboard\/account$/);
    await says(owner, /9 of your recovery codes/);
    await click(owner, 'sign-out-button');
    await signIn();
    await type(owner, 'code', codes[0]);
    await click(owner, 'go-button');
    await says(owner, /not the one/);
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
    await says(editor, /Signed in as Bo, viewer/);
  });
});
