'use strict';

// The playground, from the Dashboard's first page to a reading.

const assert = require('node:assert/strict');
const {after, afterEach, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser, setScheme, setSize, until} = require('../lib/browser');
const {decide, located} = require('../lib/connect');
const {PAGE, click, openConnect, send, toCalls, toCode} = require('./trying');

// What makes a good first reading.
const FEW = '?boxes=1&need=read_vehicle_info&ask=read_odometer&ask=control_charge';

let carport;

before(async() => {
  carport = await startCarport({more: ['--seed', '5']});
});

after(() => carport?.stop());

const text = (driver, id) => driver.findElement(By.id(id)).getText();
const heading = (driver) => driver.findElement(By.css('h1')).getText();
const current = (driver) => driver.findElement(By.css('.steps [aria-current]')).getText();
const source = (driver) => driver.executeScript('return document.documentElement.outerHTML');

async function choose(driver, id, value) {
  await driver.findElement(By.css(`#${id} option[value="${value}"]`)).click();
}

describe('with a mouse', () => {
  let driver;

  before(async() => {
    driver = await openBrowser();
    await setSize(driver, 1280, 900);
    await setScheme(driver, 'light');
  });

  after(() => driver?.end());

  afterEach(async() => {
    const said = await driver.manage().logs().get('browser');
    const errors = said.filter(({level}) => level.name === 'SEVERE');
    // Pages that tell of an error have its status.
    const odd = errors.filter(({message}) => !/status of 4\d\d/.test(message));
    assert.deepEqual(odd.map(({message}) => message), [], 'the browser complains of nothing');
  });

  test('from the first page to a reading in test mode', async() => {
    const began = Date.now();
    await driver.get(`${carport.url}/dashboard`);
    await driver.findElement(By.linkText('Try it')).click();
    await (await located(driver, By.linkText('A few readings'))).click();
    await openConnect(driver);
    await decide(driver, {check: false});
    await located(driver, By.id('exchange-button'));
    assert.equal(await current(driver), 'Code');
    assert.doesNotMatch(await driver.getCurrentUrl(), /code=/);
    await click(driver, 'exchange-button');
    await located(driver, By.id('vehicles-button'));
    assert.equal(await heading(driver), 'Tokens');
    await click(driver, 'vehicles-button');
    await located(driver, By.id('calls-link'));
    assert.match(await source(driver), /CHEVROLET/);
    await click(driver, 'calls-link');
    await located(driver, By.id('send-button'));
    const {distance} = JSON.parse(await send(driver));
    assert.ok(distance > 0, `${distance} km`);
    assert.ok(Date.now() - began < 120_000);
    const journal = await carport.control('GET', '/requests');
    const paths = JSON.stringify(journal);
    for (const path of ['/oauth/token', '/v2.0/vehicles', '/odometer']) {
      assert.ok(paths.includes(path), `${path} is journaled`);
    }
    await driver.findElement(By.css('[data-copy="curl"]')).click();
    await driver.wait(async() => /Copied|Selected/.test(await text(driver, 'curl-said')), 5000);
  });

  test('in simulated mode, with the login of a car that is listed', async() => {
    const query = `${FEW}&mode=simulated`;
    await driver.get(`${carport.url}${PAGE}${query}`);
    const row = await located(driver, By.css('#built tbody tr'));
    const name = await row.findElement(By.css('th')).getText();
    const [email, password] = await Promise.all(
      (await row.findElements(By.css('td .mono'))).map((cell) => cell.getText()),
    );
    await row.findElement(By.css('a')).click();
    await located(driver, By.css('#make option[selected]:not([value=""])'));
    await openConnect(driver);
    // Brand and country are known.
    await click(driver, 'continue-button');
    await located(driver, By.id('sign-in-button'));
    await driver.findElement(By.id('username')).sendKeys(email);
    await driver.findElement(By.id('password')).sendKeys(password);
    await click(driver, 'sign-in-button');
    await click(driver, 'approval-button');
    await click(driver, 'exchange-button');
    await click(driver, 'vehicles-button');
    await click(driver, 'calls-link');
    await located(driver, By.id('send-button'));
    await choose(driver, 'units', 'imperial');
    const {distance} = JSON.parse(await send(driver));
    assert.ok(distance > 0, `${distance} miles of ${name}`);
    assert.match(await source(driver), /sc-unit-system: imperial/);
  });

  test('the owner says no', async() => {
    await toCode(driver, carport, {button: 'deny-button'});
    assert.match(await text(driver, 'trouble'), /^access_denied: The owner did not allow access/);
    await click(driver, 'again-link');
    await located(driver, By.id('open-button'));
  });

  test('a command, a refusal, newer tokens, and the end', async() => {
    await toCalls(driver, carport, {query: FEW, brand: 'TESLA'});
    await choose(driver, 'endpoint', 'POST /v2.0/vehicles/{id}/charge');
    assert.match(await send(driver), /"status": "success"/);
    assert.match(await driver.findElement(By.id('body')).getAttribute('value'), /START/);
    await choose(driver, 'endpoint', 'GET /v2.0/vehicles/{id}/location');
    assert.match(await send(driver), /"type": "PERMISSION"/);
    const docs = await driver.findElement(By.linkText('Documentation of this error')).getAttribute('href');
    assert.equal((await fetch(docs)).status, 200);
    const ask = await driver.findElement(By.linkText('Begin again and ask for it')).getAttribute('href');
    assert.match(ask, /ask=read_location/);
    await click(driver, 'refresh-button');
    await located(driver, By.xpath('//h2[.="Refresh: POST /oauth/token"]'));
    assert.match(await text(driver, 'curl-body'), /"access_token": "....…"/);
    await choose(driver, 'endpoint', 'GET /v2.0/vehicles/{id}/odometer');
    assert.match(await send(driver), /"distance"/);
    await click(driver, 'disconnect-button');
    await located(driver, By.xpath('//h2[starts-with(., "Disconnect: ")]'));
    assert.match(await text(driver, 'curl-body'), /"status": "success"/);
    assert.match(await send(driver), /"statusCode": 40[13]/);
  });

  test('the link follows the controls, and the address says the same', async() => {
    await driver.get(`${carport.url}${PAGE}`);
    await located(driver, By.id('link'));
    const state = new URL(await text(driver, 'link')).searchParams.get('state');
    await driver.findElement(By.css('[name="need"][value="read_vin"]')).click();
    await driver.findElement(By.id('user')).sendKeys('a&b');
    await driver.findElement(By.id('pkce')).click();
    await driver.wait(async() => (await text(driver, 'link')).includes('code_challenge'), 5000);
    const link = new URL(await text(driver, 'link'));
    assert.equal(link.searchParams.get('user'), 'a&b');
    assert.equal(link.searchParams.get('state'), state);
    assert.match(link.searchParams.get('scope'), /required:read_vin/);
    await driver.navigate().refresh();
    await located(driver, By.id('link'));
    const again = new URL(await text(driver, 'link'));
    assert.equal(again.searchParams.get('scope'), link.searchParams.get('scope'));
    await driver.findElement(By.css('[data-copy="link"]')).click();
    await openConnect(driver);
    await decide(driver, {check: false});
    await click(driver, 'exchange-button');
    await located(driver, By.id('vehicles-button'));
    assert.match(await source(driver), /code_verifier=/);
  });

  test('two runs in two tabs', async() => {
    await driver.get(`${carport.url}${PAGE}`);
    await openConnect(driver);
    const [first] = await driver.getAllWindowHandles();
    await driver.switchTo().newWindow('tab');
    const second = await driver.getWindowHandle();
    await toCode(driver, carport, {query: FEW});
    await driver.switchTo().window(first);
    await decide(driver, {check: false});
    await driver.wait(until.urlContains('/runs/'), 10_000);
    for (const tab of [second, first]) {
      await driver.switchTo().window(tab);
      await click(driver, 'exchange-button');
      await located(driver, By.id('vehicles-button'));
    }
    await driver.switchTo().window(second);
    await driver.close();
    await driver.switchTo().window(first);
  });
});

test('without JavaScript', async() => {
  const driver = await openBrowser({javascript: false});
  try {
    await driver.get(`${carport.url}${PAGE}`);
    await (await located(driver, By.css('[name="ask"][value="read_odometer"]'))).click();
    await click(driver, 'update-button');
    await driver.wait(until.urlContains('ask=read_odometer'), 5000);
    assert.match(await text(driver, 'link'), /read_odometer/);
    await openConnect(driver);
    await decide(driver, {check: false});
    await click(driver, 'exchange-button');
    await click(driver, 'vehicles-button');
    await click(driver, 'calls-link');
    assert.match(await send(driver), /"distance"/);
  } finally {
    await driver.end();
  }
});
