'use strict';

// The steps of the playground, as somebody takes them who types nothing but a login.

const {By, until} = require('../lib/browser');
const {decide, located} = require('../lib/connect');

const PAGE = '/dashboard/try';

const click = async(driver, id) => (await located(driver, By.id(id))).click();

/** From the page with the controls to the first page of Connect; registers the way back if need be. */
async function openConnect(driver) {
  await located(driver, By.css('#register-button, #open-button'));
  const [register] = await driver.findElements(By.id('register-button'));
  await register?.click();
  await click(driver, 'open-button');
  await located(driver, By.css('button#continue-button'));
}

/** The first page with this query, and on to the page after the owner's decision. */
async function toCode(driver, carport, {query = '', ...options} = {}) {
  await driver.get(`${carport.url}${PAGE}${query}`);
  await openConnect(driver);
  await decide(driver, {check: false, ...options});
  await driver.wait(until.urlMatches(/\/dashboard\/try\/runs\/[^/?]+$/), 10_000, 'the page of the code');
}

async function toTokens(driver, carport, options) {
  await toCode(driver, carport, options);
  await click(driver, 'exchange-button');
  await located(driver, By.id('vehicles-button'));
}

async function toVehicles(driver, carport, options) {
  await toTokens(driver, carport, options);
  await click(driver, 'vehicles-button');
  await located(driver, By.id('calls-link'));
}

async function toCalls(driver, carport, options) {
  await toVehicles(driver, carport, options);
  await click(driver, 'calls-link');
  await located(driver, By.id('send-button'));
}

/** Sends what the form says; resolves to the answer that is shown. */
async function send(driver) {
  await click(driver, 'send-button');
  await driver.wait(until.urlContains('#answer'), 10_000, 'an answer');
  await located(driver, By.id('curl-body'));
  return driver.findElement(By.id('curl-body')).getText();
}

/** An answer of the API. */
async function toAnswer(driver, carport, options) {
  await toCalls(driver, carport, options);
  await send(driver);
}

module.exports = {PAGE, click, openConnect, send, toAnswer, toCalls, toCode, toTokens, toVehicles};
