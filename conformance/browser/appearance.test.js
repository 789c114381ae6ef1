'use strict';

// What a developer sets about Connect, and what owners then see of it.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {located, newLogin, told} = require('../lib/connect');
const {looker} = require('./looks');

const look = looker('appearance');
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" onload="alert(1)">
  <script>alert(1)</script><rect width="20" height="20" rx="5" fill="#c2185b"/>
  <path d="M5 13l5-8 5 8z" fill="#fff"/></svg>`;

let carport;
let driver;
let folder;

before(async() => {
  carport = await startCarport();
  driver = await openBrowser();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-logo-'));
});

after(async() => {
  await driver?.end();
  await carport?.stop();
  fs.rmSync(folder, {recursive: true, force: true});
});

const id = () => carport.application.clientId;
const open = (tab) => driver.get(`${carport.url}/dashboard/applications/${id()}/${tab}`);
const element = (name) => driver.findElement(By.id(name));
const click = async(name) => (await located(driver, By.id(name))).click();
const says = (words) => told(driver, words);
const exists = async(css) => (await driver.findElements(By.css(css))).length > 0;

async function write(name, text) {
  const field = await element(name);
  await field.clear();
  await field.sendKeys(text);
}

/** The first page of Connect for a link without a scope. */
async function connect(more = '') {
  await driver.get(`${carport.url}/oauth/authorize?response_type=code&client_id=${id()}&mode=test`
    + `&approval_prompt=force${more}`);
  await located(driver, By.id('continue-button'));
}

async function signIn(brand) {
  await click('continue-button');
  await (await located(driver, By.css(`button#${brand}.brand-list-item`))).click();
  await located(driver, By.id('sign-in-button'));
  await element('username').sendKeys(newLogin());
  await element('password').sendKeys('password');
  await click('sign-in-button');
}

/** Waits until the framed page has what `css` names, or has not. */
async function previewed(css, there = true) {
  await driver.wait(async() => {
    await driver.switchTo().frame(driver.findElement(By.css('iframe.preview')));
    try {
      return await exists(css) === there;
    } finally {
      await driver.switchTo().defaultContent();
    }
  }, 10_000, `${css} in the preview`);
}

test('colour, words and logo are set, looked at, and seen in Connect', async() => {
  await open('appearance');
  await write('accent', 'ffe08a');
  await write('welcome', 'Nice to have you <here>.');
  await click('preview-appearance');
  await previewed('link[href$="accent-ffe08a.css"]');
  // Nothing was saved.
  await open('appearance');
  assert.equal(await element('accent').getAttribute('value'), '');
  await write('accent', 'ffe08a');
  await write('welcome', 'Nice to have you <here>.');
  await write('support', 'mailto:nobody');
  await click('save-appearance');
  await located(driver, By.id('support-error'));
  assert.match(await driver.getTitle(), /^Error:/);
  assert.equal(await element('accent').getAttribute('value'), 'ffe08a');
  await write('support', 'https://rideledger.example.net/help');
  await click('save-appearance');
  await says(/^Saved/);
  const file = path.join(folder, 'logo.svg');
  fs.writeFileSync(file, LOGO);
  await element('file').sendKeys(file);
  await click('upload-logo');
  await says(/left out/);
  await previewed('.rail img.plate');
  await look(driver, 'page');
  await connect();
  const logo = await driver.findElement(By.css('.rail img.plate'));
  assert.ok(await driver.executeScript('return arguments[0].naturalWidth > 0', logo), 'the logo is drawn');
  const text = await (await fetch(await logo.getAttribute('src'))).text();
  assert.doesNotMatch(text, /script|onload/);
  const body = await driver.findElement(By.css('main')).getText();
  assert.ok(body.includes('says: Nice to have you <here>.'), body);
  assert.ok(await exists('a[href="https://rideledger.example.net/help"]'));
  await look(driver, 'connect-start');
});

test('a file that is no logo comes back with a reason', async() => {
  await open('appearance');
  const file = path.join(folder, 'logo.png');
  fs.writeFileSync(file, 'GIF89a');
  await element('file').sendKeys(file);
  await click('upload-logo');
  assert.match(await (await located(driver, By.id('file-error'))).getText(), /neither a PNG nor an SVG/);
  await click('remove-logo');
  await says(/initials/);
  await connect();
  assert.equal(await exists('.rail img.plate'), false);
});

test('what is asked for is ticked, looked at, and asked for in Connect', async() => {
  await open('access');
  await click('ask-read_location');
  await click('required-read_odometer');
  await click('preview-access');
  await previewed('#read_location');
  await previewed('#read_odometer:disabled');
  await click('save-access');
  await says(/^Saved/);
  await look(driver, 'access');
  await connect();
  await signIn('VOLVO');
  await located(driver, By.id('approval-button'));
  assert.ok(await exists('#read_location:checked:not(:disabled)'));
  assert.ok(await exists('#read_odometer:checked:disabled'));
  await look(driver, 'connect-grant');
});

test('brands, countries and cars are chosen, and Connect obeys', async() => {
  await open('brands');
  await click('brand-VOLVO');
  await click('brand-TESLA');
  await click('save-brands');
  await says(/brands/);
  await click('country-SE');
  await click('country-DE');
  await driver.findElement(By.css('#defaultCountry option[value="US"]')).click();
  await click('save-countries');
  await located(driver, By.id('defaultCountry-error'));
  await driver.findElement(By.css('#defaultCountry option[value="SE"]')).click();
  await click('save-countries');
  await says(/countries/);
  await click('engine-ICE');
  await click('save-cars');
  await says(/filter/);
  await look(driver, 'brands');
  await connect();
  const options = await driver.findElements(By.css('#country-select option'));
  assert.deepEqual(await Promise.all(options.map((option) => option.getAttribute('value'))), ['DE', 'SE']);
  await signIn('TESLA');
  await located(driver, By.id('another-vehicle'));
  await look(driver, 'connect-incompatible');
  await open('brands');
  await click('engine-ICE');
  await click('save-cars');
});

test('switches and origins', async() => {
  await open('security');
  await write('origin', 'http://app.example.net');
  await click('add-origin');
  await located(driver, By.id('origin-error'));
  await write('origin', 'http://localhost:3000/');
  await click('add-origin');
  await says(/Origin added/);
  await click('pkce');
  await click('save-security');
  await says(/^Saved/);
  await look(driver, 'security');
  const shown = JSON.parse(carport.cli('app', 'security', id(), '--json'));
  assert.deepEqual([shown.requirePkce, shown.browserOrigins], [true, ['http://localhost:3000']]);
  await driver.get(`${carport.url}/oauth/authorize?response_type=code&client_id=${id()}&mode=test`);
  assert.match(await (await located(driver, By.css('main'))).getText(), /must use PKCE/);
  await open('security');
  await driver.findElement(By.xpath('//button[starts-with(., "Remove")]')).click();
  await located(driver, By.css('.empty'));
  carport.cli('app', 'security', id(), '--pkce', 'off');
  await connect();
});

test('all of it without JavaScript', async() => {
  const plain = await openBrowser({javascript: false});
  try {
    await plain.get(`${carport.url}/dashboard/applications/${id()}/appearance`);
    const accent = await plain.findElement(By.id('accent'));
    await accent.clear();
    await accent.sendKeys('#0B5C9F');
    await plain.findElement(By.id('save-appearance')).click();
    await located(plain, By.css('.toast'));
    assert.equal(await plain.findElement(By.id('accent')).getAttribute('value'), '0b5c9f');
    await plain.switchTo().frame(plain.findElement(By.css('iframe.preview')));
    await located(plain, By.id('continue-button'));
  } finally {
    await plain.end();
  }
});
