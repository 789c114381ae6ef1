'use strict';

// A server whose pages speak more than English: the language is chosen in Connect, on the Dashboard and by owners.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {located, told} = require('../lib/connect');
const {looker} = require('./looks');
const {click, toStart} = require('./pages');

const SWEDISH = {
  'English': 'Svenska',
  'Language': 'Språk',
  'Which brand is your car?': 'Vilket märke är din bil?',
  'Pages speak this language from now on.': 'Sidorna talar det här språket från och med nu.',
  'See who sees your cars': 'Se vem som ser dina bilar',
};
const HEBREW = {'English': 'עברית', 'Language': 'שפה'};

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-languages-'));
const look = looker('languages');
let carport;
let driver;

before(async() => {
  for (const [tag, texts] of [['sv', SWEDISH], ['he', HEBREW]]) {
    const lines = Object.entries(texts).map((pair) => pair.map((text) => JSON.stringify(text)).join(' = '));
    fs.writeFileSync(path.join(folder, `${tag}.toml`), lines.join('\n'));
  }
  carport = await startCarport({env: {CARPORT_TRANSLATIONS: folder}});
  driver = await openBrowser();
});

after(async() => {
  await driver?.end();
  await carport?.stop();
  fs.rmSync(folder, {recursive: true});
});

const language = () => driver.executeScript('return document.documentElement.lang');
const choose = (tag) => click(driver, By.css(`#language-select option[value=${tag}]`));
const chosen = async() => (await located(driver, By.id('language-select'))).getAttribute('value');

test('on the first page of Connect, for all that come after it', async() => {
  await toStart(driver, carport);
  const options = await driver.findElements(By.css('#language-select option'));
  const names = await Promise.all(options.map((option) => option.getText()));
  assert.deepEqual(names, ['English', 'Svenska', 'עברית']);
  assert.equal(await chosen(), 'en');
  await look(driver, 'start');
  await choose('sv');
  await click(driver, By.id('continue-button'));
  await located(driver, By.id('brand-search'));
  assert.equal(await language(), 'sv');
  assert.equal(await driver.findElement(By.css('h1')).getText(), SWEDISH['Which brand is your car?']);
  await toStart(driver, carport);
  assert.equal(await chosen(), 'sv');
});

test('on the page of an account, and back to English', async() => {
  await driver.get(`${carport.url}/dashboard/account`);
  assert.equal(await language(), 'sv');
  await look(driver, 'account');
  await choose('he');
  await click(driver, By.id('language-button'));
  await driver.wait(async() => await language() === 'he', 5000);
  assert.equal(await driver.executeScript('return document.documentElement.dir'), 'rtl');
  await look(driver, 'account-he');
  await choose('sv');
  await click(driver, By.id('language-button'));
  await told(driver, /^Sidorna talar det här/);
  await choose('en');
  await click(driver, By.id('language-button'));
  await told(driver, /^Pages speak this language/);
});

test('where owners sign in', async() => {
  await driver.get(`${carport.url}/me`);
  assert.equal(await chosen(), 'en');
  await look(driver, 'me');
  await choose('sv');
  await click(driver, By.id('language-button'));
  await driver.wait(async() => await language() === 'sv', 5000);
  assert.equal(await driver.findElement(By.css('h1')).getText(), SWEDISH['See who sees your cars']);
});
