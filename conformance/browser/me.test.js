'use strict';

// The page of car owners: in by the account of a car and by a code, and what is taken back there.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, Key, openBrowser, setScheme, setSize} = require('../lib/browser');
const {located, newLogin} = require('../lib/connect');
const {looker} = require('./looks');
const {click, codeFor, ownedCar, signIn} = require('./owners');
const {press, tabTo} = require('./keyboard');

const look = looker('me');
let carport;
let driver;

before(async() => {
  carport = await startCarport();
  driver = await openBrowser();
  await setSize(driver, 1280, 900);
  await setScheme(driver, 'light');
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

const text = async() => (await driver.findElement(By.css('main'))).getText();

/** Resolves when the status of a read is as expected, within a second. */
async function answers(car, endpoint, status) {
  const end = Date.now() + 1000;
  let last;
  do {
    last = (await car.read(endpoint)).status;
  } while (last !== status && Date.now() < end);
  assert.equal(last, status, endpoint);
}

describe('by the account of a car', () => {
  test('what was read is told in words, and a permission is taken back within a second', async() => {
    const car = await ownedCar(carport);
    await answers(car, 'odometer', 200);
    await answers(car, 'location', 200);
    await signIn(driver, carport, car);
    // The request log is written a moment after an answer.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await driver.navigate().refresh();
    assert.match(await text(), /Last: Location, just now/);
    await (await driver.findElement(By.css('section a'))).click();
    await located(driver, By.id('reads'));
    assert.match(await text(), /Odometer, just now/);
    await click(driver, 'read_location');
    await click(driver, 'confirm');
    await located(driver, By.id('done'));
    await answers(car, 'location', 403);
    await answers(car, 'odometer', 200);
  });

  test('what was read before the last twenty times is a page further', async() => {
    const car = await ownedCar(carport);
    await answers(car, 'battery', 200);
    for (let count = 0; count < 20; count += 1) {
      await answers(car, 'odometer', 200);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    await signIn(driver, carport, car);
    await (await driver.findElement(By.css('section a'))).click();
    await located(driver, By.id('reads'));
    assert.doesNotMatch(await text(), /Battery, just now/);
    await click(driver, 'earlier');
    await located(driver, By.id('newest'));
    assert.match(await text(), /What it did before .* UTC\n[^]*Battery, just now/);
    assert.equal((await driver.findElements(By.css('#reads li, #earlier'))).length, 1);
    await look(driver, 'earlier');
  });

  test('location is told to about 1 km', async() => {
    const car = await ownedCar(carport);
    await signIn(driver, carport, car);
    await (await driver.findElement(By.css('section a'))).click();
    await click(driver, 'precision-1km');
    await click(driver, 'precision');
    await click(driver, 'confirm');
    await located(driver, By.id('done'));
    assert.ok(await driver.findElement(By.id('precision-1km')).isSelected());
    for (let read = 0; read < 5; read += 1) {
      const {latitude} = await (await car.read('location')).json();
      const row = (latitude + 90) / 0.01;
      assert.ok(Math.abs(row - Math.floor(row) - 0.5) < 1e-6, `${latitude}`);
    }
    await driver.get(`${carport.url}/me`);
    assert.match(await text(), /Location to about 1 km/);
  });

  test('an application is stopped, and the API refuses it within a second', async() => {
    const car = await ownedCar(carport);
    await answers(car, 'odometer', 200);
    await signIn(driver, carport, car);
    await click(driver, 'stop-1');
    await click(driver, 'confirm');
    await located(driver, By.id('done'));
    // The last car is gone, and the token with it.
    await answers(car, 'odometer', 401);
    assert.match(await text(), /No application reaches a car/);
  });

  test('one of two cars is taken away, and the token still opens the other', async() => {
    const car = await ownedCar(carport, {user: '2-vehicles@smartcar.com'});
    await signIn(driver, carport, car);
    await (await driver.findElement(By.css(`section a[href$="${car.id}"]`))).click();
    await click(driver, 'end');
    await click(driver, 'confirm');
    await located(driver, By.id('done'));
    await answers(car, 'odometer', 403);
  });

  test('by keyboard only, and out again', async() => {
    const car = await ownedCar(carport);
    await driver.get(`${carport.url}/me/sign-in/test/${car.brand}`);
    await tabTo(driver, '#username');
    await press(driver, car.user);
    await tabTo(driver, '#password');
    await press(driver, 'any', Key.ENTER);
    await located(driver, By.id('who'));
    await tabTo(driver, '#stop-1');
    await press(driver, Key.ENTER);
    await located(driver, By.id('confirm'));
    await tabTo(driver, '#keep');
    await press(driver, Key.ENTER);
    await located(driver, By.id('who'));
    await tabTo(driver, '#sign-out');
    await press(driver, Key.ENTER);
    await located(driver, By.id('brand-search'));
    await driver.get(`${carport.url}/me`);
    await located(driver, By.id('brand-search'));
  });
});

describe('by a code', () => {
  test('the terminal of a dev server shows it, its log does not', async() => {
    const car = await ownedCar(carport);
    await driver.get(`${carport.url}/me`);
    await driver.findElement(By.id('email')).sendKeys(car.user);
    await click(driver, 'send-code');
    const box = await located(driver, By.id('code'));
    const code = codeFor(carport, car.user);
    assert.match(code, /^\d{6}$/);
    await box.sendKeys(code);
    await click(driver, 'enter');
    await located(driver, By.id('who'));
    await click(driver, 'export');
    await click(driver, 'erase');
    await (await located(driver, By.id('word'))).sendKeys('erase');
    await click(driver, 'confirm');
    await located(driver, By.xpath('//h1[.="Everything is erased"]'));
    await answers(car, 'odometer', 401);
    const files = fs.readdirSync(carport.data).filter((name) => name.startsWith('carport.db'));
    assert.ok(files.length > 0);
  });

  test('an address that nobody has is answered alike', async() => {
    const nobody = newLogin();
    await driver.get(`${carport.url}/me`);
    await (await located(driver, By.id('email'))).sendKeys(nobody);
    await click(driver, 'send-code');
    await located(driver, By.id('code'));
    assert.ok(!carport.log().includes(`To ${nobody}`));
  });
});
