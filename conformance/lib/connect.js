'use strict';

// Drives Connect the way the official suites do, and holds every page against the rules their
// drivers need (Connect contract A.8, numbered as there).

const assert = require('node:assert/strict');
const {randomUUID} = require('node:crypto');
const {By, until} = require('./browser');

const STEP_LIMIT = 10_000;
const REDIRECT_URI = 'https://example.com/auth';

// What marks each step. Only the current one's elements may exist (rule 3).
const MARKS = {
  start: ['button#continue-button'],
  brand: ['input#brand-search', 'button.brand-list-item'],
  login: ['input#username', 'input#password', 'button#sign-in-button'],
  mfa: ['input#otp', 'button#otp-submit'],
  capacity: ['button#capacity-button', 'button#unknown-button'],
  grant: ['.page-content', 'button#approval-button', 'button#deny-button'],
};

const newLogin = () => `${randomUUID()}@email.com`;

/** Runs in the page: what the rules need to know about it, all at once. */
function inspect(marks) {
  const seen = {};
  for (const selector of marks) {
    seen[selector] = document.querySelectorAll(selector).length;
  }
  const buttons = [...document.querySelectorAll('button')].map((button) => {
    button.scrollIntoView({block: 'center'});
    const box = button.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
      name: button.id || button.textContent.trim(),
      brand: button.classList.contains('brand-list-item'),
      enabled: !button.disabled,
      onTop: top !== null && (top === button || button.contains(top)),
      submits: button.type === 'submit' && button.form !== null,
    };
  });
  window.scrollTo(0, 0);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  return {
    seen,
    buttons,
    repeated: ids.filter((id, at) => ids.indexOf(id) !== at),
    animations: document.getAnimations().length,
    scripts: document.scripts.length,
    lang: document.documentElement.lang,
  };
}

/** Rules 1 to 5 and 7 to 8 for the page the browser is on. */
async function checkPage(driver, step, redirectUri) {
  const address = await driver.getCurrentUrl();
  const redirect = new URL(redirectUri);
  assert.match(new URL(address).pathname, new RegExp(`^/connect/[^/]+/${step}$`));
  for (const text of [redirectUri, encodeURIComponent(redirectUri), redirect.host]) {
    assert.ok(!address.includes(text), `rule 1: ${address} contains ${text}`);
  }
  assert.ok(!address.includes('example.com'), `rule 2: ${address} contains example.com`);

  const page = await driver.executeScript(inspect, Object.values(MARKS).flat());
  for (const [owner, selectors] of Object.entries(MARKS)) {
    for (const selector of selectors) {
      const there = page.seen[selector] > 0;
      assert.equal(there, owner === step, `rule 3: ${selector} on the page ${step}`);
    }
  }
  assert.deepEqual(page.repeated, [], 'rule 3: an id names one element');
  assert.equal(page.animations, 0, 'rule 5: nothing moves');
  for (const button of page.buttons) {
    assert.ok(button.enabled, `rule 5: ${button.name} is enabled on first paint`);
    assert.ok(button.onTop, `rule 5: nothing covers ${button.name}`);
    assert.ok(button.submits, `rule 6: ${button.name} is a plain form submit`);
    if (button.brand) {
      assert.match(button.name, /^[A-Z][A-Z_]*$/, 'rule 7: the id of a brand button is the brand id');
    }
  }
  if (step === 'login') {
    await checkLoginMarkup(driver, address);
  }
}

/** Rule 4: what the login page needs is in its markup as sent. */
async function checkLoginMarkup(driver, address) {
  const cookies = await driver.manage().getCookies();
  const cookie = cookies.map(({name, value}) => `${name}=${value}`).join('; ');
  const markup = await (await fetch(address, {headers: {cookie}})).text();
  for (const id of ['username', 'password', 'sign-in-button']) {
    assert.ok(markup.includes(`id="${id}"`), `rule 4: ${id} is in the initial markup`);
  }
}

/** Waits as the suites do; rule 11 is the limit. */
const located = (driver, locator) =>
  driver.wait(until.elementLocated(locator), STEP_LIMIT, `rule 11: ${locator} within 10 s`);

/**
 * Waits until a page says so in its toast. Read again and again, for after a click the page before
 * may still be there for a moment, with a toast of its own.
 */
async function told(driver, words) {
  let text = 'nothing';
  const says = async() => {
    // Between two pages there is none, or one that is just going.
    text = await driver.findElement(By.css('.toast')).getText().catch(() => text);
    return words.test(text);
  };
  await driver.wait(says, STEP_LIMIT, () => `a toast that says ${words}; it said: ${text}`);
}

/**
 * From the first page of Connect to the click on Allow, step by step as the Node suite does it, and
 * with the pause of that suite when asked. `button` is the id of the last one.
 */
async function decide(driver, {
  brand = 'CHEVROLET', email = newLogin(), password = 'password', search = false, pause = 0,
  check = true, redirectUri = REDIRECT_URI, button = 'approval-button',
} = {}) {
  const checked = (step) => check && checkPage(driver, step, redirectUri);

  const proceed = await located(driver, By.css('button#continue-button'));
  await checked('start');
  await proceed.click();
  if (search) {
    await (await located(driver, By.css('input[id=brand-search]'))).sendKeys(brand);
  }
  const choice = await located(driver, By.css(`button#${brand}.brand-list-item`));
  await checked('brand');
  await choice.click();
  const signIn = await located(driver, By.id('sign-in-button'));
  await checked('login');
  await driver.findElement(By.css('input[id=username]')).sendKeys(email);
  // The closing bracket is missing in the suites too.
  await driver.findElement(By.css('input[id=password')).sendKeys(password);
  await signIn.click();
  await driver.sleep(pause);
  await located(driver, By.css('.page-content'));
  await checked('grant');
  await driver.findElement(By.css(`button[id=${button}]`)).click();
}

/** From the Connect URL to the redirect; resolves to its parameters. */
async function approve(driver, url, options = {}) {
  await driver.get(url);
  await decide(driver, options);
  return redirected(driver, options.redirectUri);
}

/** Waits for the redirect and reads it off the address bar, whether or not the page loads. */
async function redirected(driver, redirectUri = REDIRECT_URI) {
  await driver.wait(until.urlContains(redirectUri), STEP_LIMIT, 'rule 11: a redirect within 10 s');
  const address = await driver.getCurrentUrl();
  assert.ok(address.startsWith(`${redirectUri}?`), address);
  assert.ok(!address.includes('#'), 'A.9: a fragment is never added');
  // The Java suite splits by hand and decodes nothing.
  for (const pair of new URL(address).search.slice(1).split('&')) {
    const [name, value, more] = pair.split('=');
    assert.ok(value, `rule 9: ${name} has a value`);
    assert.equal(more, undefined, `rule 9: ${name} contains no =`);
  }
  return Object.fromEntries(new URL(address).searchParams);
}

/** From an application's login page to the button there that leads to Connect. */
async function enter(driver, loginUrl) {
  await driver.get(loginUrl);
  assert.equal(await driver.findElement(By.css('h1')).getText(), 'Connect your vehicle');
  await driver.findElement(By.xpath('//*[self::a or self::button][normalize-space()="Connect"]')).click();
}

/** Waits for the table of an application's vehicle page and holds it against the vehicle. */
async function showsVehicle(driver, {make = 'CHEVROLET', model = /^Volt$/} = {}) {
  await located(driver, By.css('table'));
  const texts = async(selector) => {
    const cells = await driver.findElements(By.css(selector));
    return Promise.all(cells.map((cell) => cell.getText()));
  };
  assert.deepEqual(await texts('th'), ['Vehicle ID', 'Vehicle Make', 'Vehicle Model', 'Vehicle Year']);
  const [id, ...rest] = await texts('td');
  assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(rest[0], make);
  assert.match(rest[1], model);
  assert.match(rest[2], /^20\d\d$/);
  assert.equal(rest.length, 3);
}

module.exports = {
  MARKS, REDIRECT_URI, approve, checkPage, decide, enter, located, newLogin, redirected, showsVehicle,
  told,
};
