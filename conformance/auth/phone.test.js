'use strict';

// The way back into the mobile SDKs: the bridge of the iOS one, and an application's own scheme.

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {decide, located} = require('../lib/connect');

describe('on a phone', () => {
  let carport;
  let driver;
  before(async() => {
    carport = await startCarport();
    driver = await openBrowser();
    // What the SDK's web view puts into every page.
    await driver.sendDevToolsCommand('Page.addScriptToEvaluateOnNewDocument', {
      source: 'window.sent = []; window.SmartcarSDK = {sendMessage: (text) => window.sent.push(text)};',
    });
  });
  after(async() => {
    await driver?.end();
    await carport?.stop();
  });

  const url = (more) => `${carport.url}/oauth/authorize?${new URLSearchParams({
    response_type: 'none', application_id: carport.application.clientId, mode: 'test',
    scope: 'read_vehicle_info', approval_prompt: 'force', ...more,
  })}`;
  const calls = () => driver.executeScript('return window.sent');
  const last = By.xpath('//*[contains(., "You can close this window")]');

  /** Through Connect to its last page. */
  async function finished(more, button = 'approval-button') {
    await driver.get(url(more));
    await decide(driver, {check: false, button});
    await located(driver, last);
  }

  const ios = {sdk_platform: 'iOS', sdk_version: '6.5.0', state: 'a+b', external_id: 'car 7'};

  test('the iOS SDK is told, once', async() => {
    await finished(ios);
    const [call, more] = await calls();
    assert.equal(more, undefined);
    const {params: {userId, ...params}, ...rest} = JSON.parse(call);
    assert.deepEqual(rest, {jsonrpc: '2.0', method: 'complete', id: 'temp'});
    assert.match(userId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(params, {externalId: 'car 7', state: 'a+b'});
    await driver.get((await driver.getCurrentUrl()).replace(/[^/]+$/, 'done'));
    await located(driver, last);
    assert.deepEqual(await calls(), [], 'what was handed over is not kept');
  });

  test('of a no, and of a link that is wrong', async() => {
    await finished(ios, 'deny-button');
    const [denied] = await calls();
    const {errorDescription, ...params} = JSON.parse(denied).params;
    assert.ok(errorDescription);
    assert.deepEqual(params, {error: 'access_denied', state: 'a+b'});

    await driver.get(url({...ios, scope: 'read_mind'}));
    await (await located(driver, By.id('exit-button'))).click();
    await located(driver, last);
    const [wrong] = await calls();
    assert.equal(JSON.parse(wrong).params.error, 'configuration_error');
  });

  test('other SDKs are not called: they have no such method', async() => {
    for (const more of [
      {sdk_platform: 'android', sdk_version: '3.0.0'}, {sdk_platform: 'iOS'}, {sdk_version: '6.5.0'}, {},
    ]) {
      await finished(more);
      assert.deepEqual(await calls(), [], JSON.stringify(more));
    }
  });

  test('an application\'s own scheme is one click away in a browser', async() => {
    const back = `sc${carport.application.clientId}://exchange`;
    carport.cli('app', 'redirect-uri', 'add', carport.application.clientId, back);
    await driver.get(url({response_type: 'code', redirect_uri: back, state: 's'}));
    await decide(driver, {check: false, button: 'deny-button'});
    const link = await (await located(driver, By.id('return-link'))).getAttribute('href');
    assert.ok(link.startsWith(`${back}?error=access_denied&`), link);
    assert.match(link, /&state=s&/);
  });
});
