'use strict';

// The page of simulated cars, as a developer uses it: live, by keyboard, and without JavaScript.

const assert = require('node:assert/strict');
const {after, afterEach, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, Key, openBrowser, setScheme, setSize} = require('../lib/browser');
const {located} = require('../lib/connect');
const {press, tabTo} = require('./keyboard');
const {shoot} = require('./looks');

const PAGE = '/dashboard/simulator';

let carport;
let car;

before(async() => {
  carport = await startCarport({more: ['--seed', '5']});
  [car] = carport.simulations;
});

after(() => carport?.stop());

const open = (driver, one = car) => driver.get(`${carport.url}${PAGE}?car=${one.id}`);
const text = (driver, id) => driver.findElement(By.id(id)).getText();
const click = async(driver, id) => (await located(driver, By.id(id))).click();
const attribute = (driver, id, name) => driver.findElement(By.id(id)).getAttribute(name);

// What is there while a page gives way to the next one.
const PASSING = ['StaleElementReferenceError', 'NoSuchElementError'];

/** Resolves when `holds` does, which live values may take a moment for. */
async function comes(holds, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      if (await holds()) {
        return;
      }
    } catch (error) {
      if (!PASSING.includes(error.name)) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${what} did not come`);
}

const control = (...call) => carport.control(...call);

const simulation = (one = car) => control('GET', `/simulations/${one.id}`);

/** An application reads the odometer of the car, connected without pages; resolves to statuses. */
async function reader() {
  const token = await carport.token('--simulation', car.id, '--scope', 'read_odometer');
  return async() => {
    const headers = {authorization: `Bearer ${token}`};
    return (await fetch(`${carport.url}/v2.0/vehicles/${car.vehicleId}/odometer`, {headers})).status;
  };
}

/** Puts the car at the beginning of its first drive, and clock and car at their usual speed. */
async function atTheStart() {
  // One of the cars of a `dev` server has a fault of its own.
  await control('DELETE', '/faults');
  await control('POST', '/clock/speed', {speed: 1});
  await control('POST', '/clock/resume');
  await control('PATCH', `/simulations/${car.id}`, {speed: 1});
  await control('POST', `/simulations/${car.id}/play`);
  await control('POST', `/simulations/${car.id}/jump`, {stage: 1});
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
    assert.deepEqual(errors.map(({message}) => message), [], 'the browser complains of nothing');
  });

  test('a car moves under a fast clock, without the page being loaded again', async() => {
    await atTheStart();
    await open(driver);
    await driver.executeScript('window.stays = true');
    const place = await attribute(driver, `at-${car.id}`, 'transform');
    const odometer = await text(driver, 'odometer');
    const driven = Number.parseFloat(await attribute(driver, `done-${car.id}`, 'stroke-dasharray'));
    await control('POST', '/clock/speed', {speed: 300});
    await comes(async() => await attribute(driver, `at-${car.id}`, 'transform') !== place, 'another place');
    await comes(async() => /driving, \d+ km\/h/i.test(await text(driver, `does-${car.id}`)), 'a speed');
    await comes(async() => await text(driver, 'odometer') !== odometer, 'another kilometre');
    const now = Number.parseFloat(await attribute(driver, `done-${car.id}`, 'stroke-dasharray'));
    assert.ok(now > driven, `${driven} of the way, then ${now}`);
    await comes(async() => await attribute(driver, 'stage-1', 'class') === 'past', 'the end of the drive');
    assert.equal(await attribute(driver, 'stage-2', 'aria-current'), 'step');
    assert.equal(await driver.executeScript('return window.stays'), true);
    await shoot(driver, 'simulator-live');
  });

  test('the clock is stopped, hurried and moved', async() => {
    await atTheStart();
    await open(driver);
    await click(driver, 'clock-button');
    await comes(async() => (await text(driver, 'clock-date')).endsWith('stopped'), 'a clock that stands');
    assert.equal((await control('GET', '/clock')).isFrozen, true);
    assert.equal(await text(driver, 'clock-word'), 'Resume');
    const before = (await control('GET', '/clock')).now;
    await click(driver, 'advance-button');
    await located(driver, By.css('.toast'));
    assert.equal(Date.parse((await control('GET', '/clock')).now) - Date.parse(before), 15 * 60 * 1000);
    await click(driver, 'clock-speed-60');
    await comes(async() => await attribute(driver, 'clock-speed-60', 'aria-pressed') === 'true', 'the speed');
    await click(driver, 'clock-button');
    await comes(async() => await text(driver, 'clock-word') === 'Pause', 'a clock that runs');
    const {isFrozen, speed} = await control('GET', '/clock');
    assert.deepEqual({isFrozen, speed}, {isFrozen: false, speed: 60});
  });

  test('the car is paused, hurried, and sent to another stage', async() => {
    await atTheStart();
    await open(driver);
    await click(driver, 'car-button');
    await comes(async() => (await text(driver, 'trip-state')).startsWith('paused'), 'a pause');
    assert.equal((await simulation()).status, 'paused');
    await shoot(driver, 'simulator-paused');
    await click(driver, 'car-speed-600');
    await comes(async() => (await simulation()).speed === 600, 'another speed');
    await driver.findElement(By.css('#stage-2 button')).click();
    await comes(async() => await attribute(driver, 'stage-2', 'aria-current') === 'step', 'the stage');
    // Back where it was, so that the next click is near.
    assert.ok((await driver.getCurrentUrl()).endsWith('#trip'));
    await click(driver, 'car-button');
    await comes(async() => (await simulation()).status === 'running', 'the trip goes on');
    await click(driver, 'restart-button');
    await comes(async() => await attribute(driver, 'stage-0', 'aria-current') === 'step', 'the start');
  });

  test('what others do with the car is seen', async() => {
    await atTheStart();
    await open(driver);
    await control('POST', `/simulations/${car.id}/pause`);
    await comes(async() => await text(driver, 'car-word') === 'Play', 'the button for going on');
    assert.equal(await attribute(driver, 'car-button', 'value'), 'play');
    assert.equal(await driver.findElement(By.id('changed')).isDisplayed(), false);
    const {id} = await control('POST', '/simulations', {powertrain: 'ICE', name: 'Newcomer'});
    await comes(() => driver.findElement(By.id('changed')).isDisplayed(), 'word of another car');
    await driver.findElement(By.css('#changed a')).click();
    await located(driver, By.linkText('Newcomer'));
    await control('DELETE', `/simulations/${id}`);
  });

  test('a car is made, shows its credentials, and is deleted', async() => {
    await driver.get(`${carport.url}${PAGE}`);
    await driver.findElement(By.linkText('Add a car')).click();
    await driver.findElement(By.css('#kind option[value="PHEV"]')).click();
    await driver.findElement(By.css('#country option[value="DE"]')).click();
    await driver.findElement(By.css('#scenario option[value="winter-day"]')).click();
    await driver.findElement(By.id('name')).sendKeys('Frosty');
    await click(driver, 'make-button');
    await located(driver, By.css('.toast'));
    assert.match(await text(driver, 'car'), /^Frosty .*trip Winter Day/);
    assert.match(await driver.findElement(By.id('map-title')).getAttribute('textContent'), /Berlin/);
    await driver.findElement(By.linkText('Connect credentials')).click();
    const frosty = (await control('GET', '/simulations')).simulations.find(({name}) => name === 'Frosty');
    assert.equal(await text(driver, 'username'), frosty.username);
    assert.equal(await text(driver, 'password'), frosty.password);
    const link = new URL(await text(driver, 'connect-link'));
    assert.equal(link.searchParams.get('mode'), 'simulated');
    await driver.findElement(By.css('[data-copy="password"]')).click();
    await comes(async() => /Copied|Selected/.test(await text(driver, 'password-said')), 'word of the copy');
    await driver.navigate().back();
    await (await located(driver, By.linkText('Delete'))).click();
    await click(driver, 'delete-button');
    await located(driver, By.css('.toast'));
    assert.deepEqual(await driver.findElements(By.linkText('Frosty')), []);
  });

  test('a fault strikes, counts down, and is stopped', async() => {
    await atTheStart();
    const read = await reader();
    assert.equal(await read(), 200);
    await open(driver);
    await driver.findElement(By.css('#fault option[value="error:VEHICLE_STATE/ASLEEP"]')).click();
    await driver.findElement(By.css('#fault-times option[value="3"]')).click();
    await driver.findElement(By.xpath('//button[.="Set fault"]')).click();
    const row = By.css('#faults ~ form li');
    await located(driver, row);
    const told = async() => (await driver.findElement(row)).getText();
    assert.match(await told(), new RegExp(`${car.name}: asleep for every read, 3 of 3 times left`));
    await shoot(driver, 'simulator-fault');
    assert.equal(await read(), 409);
    await comes(async() => (await told()).includes('2 of 3 times left'), 'one less');
    await driver.findElement(row).findElement(By.css('button')).click();
    await comes(async() => (await driver.findElements(row)).length === 0, 'an end of the fault');
    assert.equal(await read(), 200);
  });

  test('a hidden tab asks for nothing, and one that is seen again goes on', async() => {
    await atTheStart();
    await open(driver);
    await comes(async() => /:\d\d$/.test(await text(driver, 'clock-time')), 'the time');
    const hide = (hidden) => driver.executeScript(`
      Object.defineProperty(document, 'hidden', {value: ${hidden}, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    `);
    await hide(true);
    const still = await text(driver, 'clock-time');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(await text(driver, 'clock-time'), still);
    await hide(false);
    await comes(async() => await text(driver, 'clock-time') !== still, 'the time again');
  });

  test('who asked for no motion sees cars jump', async() => {
    const transition = () => driver.executeScript(
      'return getComputedStyle(document.querySelector(".map-at")).transitionDuration',
    );
    await open(driver);
    assert.equal(await transition(), '0s');
    await driver.sendDevToolsCommand('Emulation.setEmulatedMedia', {
      features: [{name: 'prefers-reduced-motion', value: 'no-preference'}],
    });
    assert.equal(await transition(), '1s');
  });
});

test('by keyboard only', async() => {
  const driver = await openBrowser();
  try {
    await atTheStart();
    await open(driver);
    await tabTo(driver, '#car-button');
    await press(driver, Key.ENTER);
    await comes(async() => (await text(driver, 'trip-state')).startsWith('paused'), 'a pause');
    await driver.get(`${carport.url}${PAGE}/new`);
    await tabTo(driver, '#name');
    await press(driver, 'Keys', Key.TAB, Key.ENTER);
    await located(driver, By.linkText('Keys'));
    assert.match(await text(driver, 'car'), /^Keys /);
  } finally {
    await driver.end();
  }
});

test('without JavaScript', async() => {
  const driver = await openBrowser({javascript: false});
  try {
    await atTheStart();
    await open(driver);
    await click(driver, 'car-button');
    await comes(async() => (await text(driver, 'trip-state')).startsWith('paused'), 'a pause');
    const jump = await driver.findElement(By.css('#stage-3 button'));
    assert.ok(await jump.isDisplayed());
    await jump.click();
    await comes(async() => await attribute(driver, 'stage-3', 'aria-current') === 'step', 'the stage');
    await driver.findElement(By.linkText('Connect credentials')).click();
    await located(driver, By.id('username'));
    // A button that could only copy with a script is not there.
    assert.equal(await driver.findElement(By.css('[data-copy]')).isDisplayed(), false);
  } finally {
    await driver.end();
  }
});

test('a page of another origin cannot act', async() => {
  const driver = await openBrowser();
  try {
    await control('POST', `/simulations/${car.id}/play`);
    await open(driver);
    const form = `<form method="post" action="${carport.url}${PAGE}/cars/${car.id}/course">
      <input name="do" value="pause"><button id="go">go</button></form>`;
    await driver.get(`data:text/html,${encodeURIComponent(form)}`);
    await click(driver, 'go');
    await located(driver, By.xpath('//h1[contains(., "cannot be done from here")]'));
    assert.equal((await simulation()).status, 'running');
  } finally {
    await driver.end();
  }
});

test('an open page does not hold up the end of the server', async() => {
  const other = await startCarport();
  const driver = await openBrowser();
  try {
    await driver.get(`${other.url}${PAGE}`);
    await comes(async() => (await driver.findElements(By.id('clock-time'))).length === 1, 'the page');
    const time = await text(driver, 'clock-time');
    await comes(async() => await text(driver, 'clock-time') !== time, 'an open stream');
    await other.stop();
    assert.doesNotMatch(other.log(), /did not finish within ten seconds/);
  } finally {
    await driver.end();
  }
});
