'use strict';

// What a developer sees of their application: requests, cars, runs through Connect, and numbers.

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser, setScheme, setSize} = require('../lib/browser');
const {located} = require('../lib/connect');
const {looker} = require('./looks');
const {PAGES} = require('./pages');

const look = looker('observing');

let carport;
let driver;
let vehicle;
let token;

const read = async(endpoint) => {
  const headers = {authorization: `Bearer ${token}`};
  return fetch(`${carport.url}/v2.0/vehicles${endpoint}`, {headers});
};
const open = (address) => driver.get(`${carport.url}${address}`);
const body = () => driver.findElement(By.css('main')).getText();
const rows = async() => (await driver.findElements(By.css('.table-rows tbody tr'))).length;

before(async() => {
  carport = await startCarport({more: ['--seed', '7']});
  const scope = 'read_vehicle_info read_vin read_odometer read_fuel';
  token = await carport.token('--app', carport.application.clientId, '--brand', 'VOLVO', '--scope', scope);
  const {vehicles} = await (await read('')).json();
  [vehicle] = vehicles;
  driver = await openBrowser();
  await setSize(driver, 1280, 900);
  await setScheme(driver, 'light');
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

test('a call is in the log at once, is looked at and sent again', async() => {
  assert.equal((await read(`/${vehicle}/odometer`)).status, 200);
  const refused = await read(`/${vehicle}/location`);
  assert.equal(refused.status, 403);
  await open('/dashboard/logs');
  assert.match(await body(), /…\/location[^]*403[^]*…\/odometer/);
  await driver.findElement(By.css('#status option[value="errors"]')).click();
  await driver.findElement(By.xpath('//button[.="Filter"]')).click();
  await located(driver, By.linkText('…/location'));
  assert.equal(await rows(), 1);
  await driver.findElement(By.linkText('…/location')).click();
  await located(driver, By.id('curl'));
  const drawer = await driver.findElement(By.css('.drawer')).getText();
  assert.match(drawer, new RegExp(refused.headers.get('sc-request-id')));
  assert.match(drawer, /\$ACCESS_TOKEN/);
  assert.doesNotMatch(drawer, new RegExp(token));
  await driver.findElement(By.partialLinkText('PERMISSION')).click();
  await located(driver, By.xpath('//h1'));
  await open(`/dashboard/logs?q=/v2.0/vehicles/${vehicle}/odometer`);
  await driver.findElement(By.linkText('…/odometer')).click();
  await (await located(driver, By.id('again-button'))).click();
  const answer = await (await located(driver, By.id('body'))).getText();
  assert.ok(JSON.parse(answer).distance > 0);
  await driver.findElement(By.css('.facts a')).click();
  await located(driver, By.linkText('…/odometer'));
  assert.equal(await rows(), 1, 'what was sent again is in the log too');
});

test('the overview counts it', async() => {
  await open('/dashboard');
  const stats = await driver.findElement(By.css('.stats')).getText();
  assert.match(stats, /Requests\s+[1-9]/);
  assert.match(stats, /Connections\s+[1-9]/);
  assert.ok(await driver.findElement(By.css('#plot-requests rect')).isDisplayed());
  await driver.findElement(By.css('details summary')).click();
  assert.match(await driver.findElement(By.css('details table')).getText(), /\d\d:00 /);
  await driver.findElement(By.linkText('30 days')).click();
  await located(driver, By.xpath('//a[.="30 days" and @aria-current]'));
});

test('a run is told step by step, also one that ended without a grant', async() => {
  await PAGES['grant'].reach(driver, carport);
  await (await located(driver, By.id('deny-button'))).click();
  await driver.wait(async() => !(await driver.getCurrentUrl()).startsWith(carport.url), 10_000);
  await PAGES['login-error'].reach(driver, carport);
  await open('/dashboard/runs');
  assert.match(await body(), /Going on[^]*Not allowed/);
  assert.match(await driver.findElement(By.css('.plot')).getAttribute('aria-label'), /Started \d+, Brand chosen \d+/);
  await driver.findElement(By.css('#ending option[value="access_denied"]')).click();
  await driver.findElement(By.xpath('//button[.="Filter"]')).click();
  await driver.wait(async() => await rows() === 1, 10_000);
  await driver.findElement(By.css('.table-rows a')).click();
  await located(driver, By.id('steps'));
  const steps = await driver.findElement(By.css('.timeline')).getText();
  assert.match(steps, /Opened the link[^]*Brand: Volvo[^]*Signed in[^]*Went back with access_denied/);
  assert.doesNotMatch(await body(), /@email\.com/);
});

test('a car shows its values, and why some are empty', async() => {
  await open(`/dashboard/vehicles?q=${vehicle}`);
  assert.equal(await rows(), 1);
  await driver.findElement(By.css('.table-rows a')).click();
  await located(driver, By.id('values'));
  const page = await body();
  assert.match(page, /odometer-traveleddistance\s+[\d.]+ km/);
  assert.match(page, /Permission not granted: read_location/);
});

describe('every page', () => {
  const pages = {
    home: () => '/dashboard',
    logs: () => '/dashboard/logs',
    'logs-none': () => '/dashboard/logs?q=nothing',
    vehicles: () => '/dashboard/vehicles',
    vehicle: () => `/dashboard/vehicles/${vehicle}`,
    'vehicle-disconnect': () => `/dashboard/vehicles/${vehicle}/disconnect`,
    runs: () => '/dashboard/runs',
  };
  for (const [name, address] of Object.entries(pages)) {
    test(name, async() => {
      await open(address());
      await look(driver, name);
    });
  }

  for (const [name, list] of [['log-detail', '/dashboard/logs'], ['run', '/dashboard/runs']]) {
    test(name, async() => {
      await open(list);
      await driver.findElement(By.css('.table-rows tbody a')).click();
      await located(driver, By.css('.drawer, #steps'));
      await look(driver, name);
    });
  }
});

test('without JavaScript a car is disconnected, and the API knows within a second', async() => {
  const plain = await openBrowser({javascript: false});
  try {
    await plain.get(`${carport.url}/dashboard/vehicles/${vehicle}`);
    await plain.findElement(By.id('disconnect')).click();
    await (await located(plain, By.id('disconnect-button'))).click();
    await located(plain, By.css('.toast'));
    assert.notEqual((await read(`/${vehicle}/odometer`)).status, 200);
  } finally {
    await plain.end();
  }
});
