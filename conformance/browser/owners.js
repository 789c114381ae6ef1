'use strict';

// How to come to the pages of car owners.

const {By} = require('../lib/browser');
const {located, newLogin} = require('../lib/connect');

const click = async(driver, id) => (await located(driver, By.id(id))).click();

const SCOPE = 'read_vehicle_info read_odometer read_location read_battery read_charge control_charge';

/** A car that the tutorial's application reaches; resolves to login, token, vehicle id and a way to read. */
async function ownedCar(carport, {brand = 'VOLVO', user = newLogin(), scope = SCOPE} = {}) {
  const {clientId} = carport.application;
  const token = await carport.token('--app', clientId, '--brand', brand, '--user', user, '--scope', scope);
  const get = (path) => fetch(carport.url + path, {headers: {authorization: `Bearer ${token}`}});
  const {vehicles: [id]} = await (await get('/v2.0/vehicles')).json();
  return {brand, user, id, read: (endpoint) => get(`/v2.0/vehicles/${id}/${endpoint}`)};
}

/** Signs in by the account of a car. */
async function signIn(driver, carport, {brand, user}) {
  // Nobody else is left signed in; the cookie is the page's alone.
  await driver.get(`${carport.url}/me`);
  await driver.manage().deleteAllCookies();
  await driver.get(`${carport.url}/me`);
  await click(driver, 'mode-test');
  await click(driver, 'search');
  await located(driver, By.css('#mode-test:checked'));
  await click(driver, brand);
  await (await located(driver, By.id('username'))).sendKeys(user);
  await driver.findElement(By.id('password')).sendKeys('any');
  await click(driver, 'sign-in-button');
  await located(driver, By.id('who'));
}

/** The newest code that the terminal of the server shows for an address. */
const codeFor = (carport, user) => carport.log().split(`To ${user}: `).at(-1).slice(0, 6);

module.exports = {click, codeFor, ownedCar, signIn};
