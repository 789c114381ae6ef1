'use strict';

// Ways through the pages about one car: signing in again, and the choice of its battery.

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, Key, openBrowser, setSize} = require('../lib/browser');
const {REDIRECT_URI, checkPage, located, newLogin, redirected} = require('../lib/connect');
const {FAILING, LIVELY, failingCar, unknownBattery} = require('./cars');
const keyboard = require('./keyboard');
const {PAGES, click} = require('./pages');

const VIEWS = [
  ['with JavaScript', {}, 1280], ['without JavaScript', {javascript: false}, 1280],
  ['320 pixels wide', {}, 320],
];

let carport;

before(async() => {
  carport = await startCarport();
});

after(() => carport?.stop());

/** A browser for the tests of a block; read it through the returned function. */
function browserFor(options, width) {
  let driver;
  before(async() => {
    driver = await openBrowser(options);
    await setSize(driver, width, 700);
  });
  after(() => driver?.end());
  return () => driver;
}

/** From the link to the sign-in, holding each page against the rules for drivers. */
async function signInAgain(driver, {link}, email) {
  await driver.get(link);
  const proceed = await located(driver, By.id('continue-button'));
  await checkPage(driver, 'start', REDIRECT_URI);
  await proceed.click();
  const signIn = await located(driver, By.id('sign-in-button'));
  await checkPage(driver, 'login', REDIRECT_URI);
  await driver.findElement(By.id('username')).sendKeys(email);
  await driver.findElement(By.id('password')).sendKeys('password');
  await signIn.click();
}

for (const [view, options, width] of VIEWS) {
  describe(`signing in again, ${view}`, () => {
    const browser = browserFor(options, width);

    test('with the same account', async() => {
      const car = await failingCar(carport, {state: 'mine'});
      await signInAgain(browser(), car, FAILING);
      const {iss, ...answer} = await redirected(browser());
      assert.equal(iss, carport.url);
      assert.deepEqual(answer, {vehicle_id: car.id, state: 'mine'});
    });

    test('with one that does not hold the car, and then with one that does', async() => {
      const car = await failingCar(carport);
      await signInAgain(browser(), car, newLogin());
      await click(browser(), By.id('another-account'));
      const username = await located(browser(), By.id('username'));
      await username.clear();
      await username.sendKeys(LIVELY);
      await browser().findElement(By.id('password')).sendKeys('password', Key.ENTER);
      await located(browser(), By.id('approval-button'));
      await checkPage(browser(), 'grant', REDIRECT_URI);
      await click(browser(), By.id('read_fuel'));
      await click(browser(), By.id('approval-button'));
      assert.equal((await redirected(browser())).vehicle_id, car.id);
      const {distance} = await car.read('odometer');
      assert.ok(distance > 0, 'the token from before works again');
      assert.deepEqual((await car.read('permissions')).permissions, ['read_odometer']);
    });

    test('or not', async() => {
      await PAGES['again-other-account'].reach(browser(), carport);
      await click(browser(), By.id('exit-button'));
      assert.equal((await redirected(browser())).error, 'no_vehicles');
    });
  });

  describe(`the choice of a battery, ${view}`, () => {
    const browser = browserFor(options, width);

    test('one, and then another by the same link', async() => {
      const car = await unknownBattery(carport, newLogin(), {state: 'mine'});
      for (const [id, capacity, before] of [['capacity-2', 87, false], ['capacity-1', 63, true]]) {
        await browser().get(car.link);
        await located(browser(), By.id('capacity-button'));
        await checkPage(browser(), 'capacity', REDIRECT_URI);
        assert.equal(await browser().findElement(By.id('capacity-2')).isSelected(), before);
        await click(browser(), By.id(id));
        await click(browser(), By.id('capacity-button'));
        const {iss, ...answer} = await redirected(browser());
        assert.equal(iss, carport.url);
        assert.deepEqual(answer, {
          vehicle_id: car.id, selected_capacity: `${capacity}`, reason: 'battery_capacity', state: 'mine',
        });
        const known = await car.read('battery/nominal_capacity');
        assert.deepEqual(known.capacity, {nominal: capacity, source: 'USER_SELECTED'});
        assert.deepEqual(await car.read('battery/capacity'), {capacity});
      }
    });

    test('none, after a try to send nothing', async() => {
      await PAGES['capacity-error'].reach(browser(), carport);
      assert.match(await browser().getTitle(), /^Error:/);
      await click(browser(), By.id('unknown-button'));
      assert.equal((await redirected(browser())).error, 'battery_capacity_no_selection');
    });

    test('targets are 44 pixels high', async() => {
      await PAGES.capacity.reach(browser(), carport);
      for (const target of await browser().findElements(By.css('main button, .permission'))) {
        const {height} = await target.getRect();
        assert.ok(height >= 43.5, `${await target.getText()}: ${height}`);
      }
    });
  });
}

describe('by keyboard only', () => {
  const browser = browserFor({}, 1280);
  const press = (...keys) => keyboard.press(browser(), ...keys);
  const tabTo = (selector) => keyboard.tabTo(browser(), selector);

  test('a battery', async() => {
    await PAGES.capacity.reach(browser(), carport);
    await tabTo('#capacity-1');
    await press(Key.SPACE);
    await press(Key.ARROW_DOWN);
    assert.ok(await browser().findElement(By.id('capacity-2')).isSelected());
    await tabTo('#capacity-button');
    await press(Key.ENTER);
    assert.equal((await redirected(browser())).selected_capacity, '87');
  });

  test('no battery', async() => {
    await PAGES.capacity.reach(browser(), carport);
    await tabTo('#unknown-button');
    await press(Key.SPACE);
    assert.equal((await redirected(browser())).error, 'battery_capacity_no_selection');
  });

  test('signing in again', async() => {
    await PAGES['again-start'].reach(browser(), carport);
    await tabTo('#continue-button');
    await press(Key.ENTER);
    await located(browser(), By.id('sign-in-button'));
    await tabTo('#username');
    await press(FAILING);
    await tabTo('#password');
    await press('password', Key.ENTER);
    assert.ok((await redirected(browser())).vehicle_id);
  });
});
