'use strict';

// Ways through Connect: by keyboard, without JavaScript, narrow, in a hurry, and in a popup.

const assert = require('node:assert/strict');
const http = require('node:http');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, Key, openBrowser, setSize} = require('../lib/browser');
const {REDIRECT_URI, approve, decide, located, newLogin, redirected} = require('../lib/connect');
const keyboard = require('./keyboard');
const {PAGES, click, connectUrl, toStart} = require('./pages');

let carport;

before(async() => {
  carport = await startCarport();
});

after(() => carport?.stop());

/** Opens a browser for the tests of a block; read it through the returned function. */
function browserFor(options) {
  let driver;
  before(async() => {
    driver = await openBrowser(options);
  });
  after(() => driver?.end());
  return () => driver;
}

describe('by keyboard only', () => {
  const browser = browserFor();

  const press = (...keys) => keyboard.press(browser(), ...keys);
  const tabTo = (selector) => keyboard.tabTo(browser(), selector);

  async function toGrant(email = newLogin()) {
    const driver = browser();
    await toStart(driver, carport);
    await tabTo('#country-select');
    await tabTo('#continue-button');
    await press(Key.ENTER);
    await located(driver, By.id('brand-search'));
    await tabTo('#brand-search');
    await press('chevy', Key.ENTER);
    await located(driver, By.linkText('Show all brands'));
    await tabTo('#CHEVROLET');
    await press(Key.SPACE);
    await located(driver, By.id('sign-in-button'));
    await tabTo('#username');
    await press(email);
    await tabTo('#password');
    await press('password');
    await tabTo('#sign-in-button');
    await press(Key.ENTER);
    await located(driver, By.id('approval-button'));
  }

  test('from the first page to the redirect, leaving something out', async() => {
    await toGrant();
    await tabTo('#read_location');
    await press(Key.SPACE);
    assert.equal(await browser().findElement(By.id('read_location')).isSelected(), false);
    await tabTo('#approval-button');
    await press(Key.ENTER);
    const {code} = await redirected(browser());
    const granted = await permissionsOf(code);
    assert.ok(granted.includes('read_odometer'));
    assert.ok(!granted.includes('read_location'), 'what was unticked is not granted');
  });

  test('saying no', async() => {
    await toGrant();
    await tabTo('#deny-button');
    await press(Key.ENTER);
    assert.equal((await redirected(browser())).error, 'access_denied');
  });

  test('choosing one of several cars', async() => {
    await toGrant('3-vehicles@smartcar.com');
    await tabTo('[name=vehicle]');
    await press(Key.SPACE);
    await tabTo('#approval-button');
    await press(Key.SPACE);
    assert.ok((await redirected(browser())).code);
  });

  test('leaving from the brand page', async() => {
    await PAGES.brand.reach(browser(), carport);
    await tabTo('#exit-button');
    await press(Key.ENTER);
    const {error} = await redirected(browser());
    assert.equal(error, 'user_manually_returned_to_application');
  });
});

describe('without JavaScript', () => {
  const browser = browserFor({javascript: false});

  test('from the first page to a code', async() => {
    assert.ok((await approve(browser(), connectUrl(carport))).code);
  });

  test('searching by name and by nickname', async() => {
    const driver = browser();
    for (const [text, id] of [['vw', 'VOLKSWAGEN'], ['KIA', 'KIA'], ['skod', undefined]]) {
      await toStart(driver, carport);
      await click(driver, By.id('continue-button'));
      await (await located(driver, By.id('brand-search'))).sendKeys(text, Key.ENTER);
      await located(driver, By.linkText('Show all brands'));
      const found = await driver.findElements(By.css('.brand-list-item'));
      assert.ok(found.length < 5, `${text} finds ${found.length}`);
      if (id) {
        assert.equal(await found[0].getAttribute('id'), id);
      }
    }
  });

  test('a second try after a wrong password', async() => {
    const driver = browser();
    await PAGES['login-error'].reach(driver, carport);
    const username = await driver.findElement(By.id('username'));
    assert.equal(await username.getAttribute('value'), 'smartcar@invalid-credentials.com');
    assert.equal(await driver.findElement(By.id('password')).getAttribute('value'), '');
    assert.match(await driver.getTitle(), /^Error:/);
    await username.clear();
    await username.sendKeys(newLogin());
    await driver.findElement(By.id('password')).sendKeys('password', Key.ENTER);
    await click(driver, By.id('approval-button'));
    assert.ok((await redirected(driver)).code);
  });

  test('a one-time code', async() => {
    const driver = browser();
    await PAGES['mfa-error'].reach(driver, carport);
    await driver.findElement(By.id('otp')).sendKeys('000000', Key.ENTER);
    await click(driver, By.id('approval-button'));
    assert.ok((await redirected(driver)).code);
  });

  for (const [page, button, error] of [
    ['grant', 'deny-button', 'access_denied'],
    ['brand', 'exit-button', 'user_manually_returned_to_application'],
    ['login', 'exit-button', 'user_manually_returned_to_application'],
    ['grant', 'exit-button', 'user_manually_returned_to_application'],
    ['no-vehicles', 'exit-button', 'no_vehicles'],
    ['subscription', 'exit-button', 'invalid_subscription'],
    ['incompatible', 'exit-button', 'vehicle_incompatible'],
    ['error-with-exit', 'exit-button', 'configuration_error'],
  ]) {
    test(`${button} on ${page} returns ${error}`, async() => {
      await PAGES[page].reach(browser(), carport);
      await click(browser(), By.id(button));
      const answer = await redirected(browser());
      assert.equal(answer.error, error);
      assert.ok(answer.error_description);
      assert.equal(answer.code, undefined);
      assert.equal(answer.vin, undefined, 'nothing about the car without consent');
      if (error === 'configuration_error') {
        assert.equal(answer.status_code, '400');
        assert.ok(answer.error_message);
      }
    });
  }

  test('an incompatible car is named when its owner agrees', async() => {
    const driver = browser();
    await PAGES.incompatible.reach(driver, carport);
    await click(driver, By.id('share-vehicle'));
    await click(driver, By.id('exit-button'));
    const answer = await redirected(driver);
    assert.equal(answer.error, 'vehicle_incompatible');
    assert.match(answer.vin, /^[A-Z0-9]{17}$/);
    assert.ok(answer.make && answer.model && answer.year);
  });

  test('an unknown application or address never leaves the page', async() => {
    const driver = browser();
    for (const extra of [
      {client_id: undefined}, {client_id: 'unknown'}, {redirect_uri: 'https://evil.example.org/'},
    ]) {
      await driver.get(connectUrl(carport, extra));
      assert.equal((await driver.findElements(By.id('exit-button'))).length, 0);
      assert.ok((await driver.getCurrentUrl()).startsWith(carport.url));
    }
  });
});

describe('the first page', () => {
  const browser = browserFor();

  test('a country decides which brands there are', async() => {
    const driver = browser();
    for (const [country, there] of [['US', false], ['DE', true]]) {
      await toStart(driver, carport);
      await click(driver, By.css(`#country-select option[value=${country}]`));
      await click(driver, By.id('continue-button'));
      await located(driver, By.id('brand-search'));
      assert.equal((await driver.findElements(By.id('SKODA'))).length > 0, there, country);
    }
  });

  test('the application\'s privacy policy is one link away', async() => {
    const policy = 'https://rideledger.example.net/privacy';
    const {clientId} = carport.application;
    carport.cli('app', 'describe', clientId, '--privacy-url', policy);
    await toStart(browser(), carport);
    const link = await browser().findElement(By.partialLinkText('Privacy'));
    assert.equal(await link.getAttribute('href'), policy);
    carport.cli('app', 'describe', clientId, '--privacy-url', '');
    await toStart(browser(), carport);
    assert.deepEqual(await browser().findElements(By.partialLinkText('Privacy')), []);
  });
});

describe('on a screen 320 pixels wide', () => {
  const browser = browserFor();

  test('from the first page to a code, nothing covered', async() => {
    await setSize(browser(), 320, 640);
    assert.ok((await approve(browser(), connectUrl(carport))).code);
  });

  test('targets are 44 pixels high', async() => {
    await setSize(browser(), 320, 640);
    for (const page of ['start', 'brand', 'login', 'mfa', 'grant', 'grant-several']) {
      await PAGES[page].reach(browser(), carport);
      const small = await browser().executeScript(() =>
        [...document.querySelectorAll('button, select, input:not([type=hidden], [type=checkbox], [type=radio])')]
          .concat([...document.querySelectorAll('.permission')])
          .filter((element) => element.getBoundingClientRect().height < 43.5)
          .map((element) => `${element.id || element.textContent.trim()}: ${element.getBoundingClientRect().height}`));
      assert.deepEqual(small, [], page);
    }
  });
});

describe('in a hurry', () => {
  const browser = browserFor();

  test('a double click on Allow still ends with a code that works', async() => {
    const driver = browser();
    await PAGES.grant.reach(driver, carport);
    const allow = await driver.findElement(By.id('approval-button'));
    await driver.actions().doubleClick(allow).perform();
    const {code} = await redirected(driver);
    assert.equal((await exchange(code)).status, 200);
  });

  test('Back to the first page and forth again', async() => {
    const driver = browser();
    await PAGES.login.reach(driver, carport);
    await driver.navigate().back();
    await located(driver, By.id('brand-search'));
    await driver.navigate().back();
    await located(driver, By.id('continue-button'));
    await decide(driver);
    assert.ok((await redirected(driver)).code);
  });

  test('a reload of every page shows it again', async() => {
    const driver = browser();
    for (const [page, mark] of [
      ['start', 'continue-button'], ['brand', 'brand-search'], ['login', 'sign-in-button'],
      ['mfa', 'otp-submit'], ['grant', 'approval-button'],
    ]) {
      await PAGES[page].reach(driver, carport);
      await driver.navigate().refresh();
      await located(driver, By.id(mark));
    }
  });

  test('two runs side by side do not mix', async() => {
    const driver = browser();
    await PAGES.login.reach(driver, carport);
    const first = await driver.getWindowHandle();
    await driver.switchTo().newWindow('tab');
    assert.ok((await approve(driver, connectUrl(carport, {state: 'second'}))).code);
    await driver.close();
    await driver.switchTo().window(first);
    await driver.findElement(By.id('username')).sendKeys(newLogin());
    await driver.findElement(By.id('password')).sendKeys('password', Key.ENTER);
    await click(driver, By.id('approval-button'));
    const answer = await redirected(driver);
    assert.ok(answer.code);
    assert.equal(answer.state, undefined);
  });

  test('the cookie of Connect is for Connect only', async() => {
    await PAGES.start.reach(browser(), carport);
    const cookies = await browser().manage().getCookies();
    assert.ok(cookies.length > 0);
    for (const cookie of cookies) {
      assert.equal(cookie.httpOnly, true, cookie.name);
      assert.equal(cookie.sameSite, 'Lax', cookie.name);
      assert.match(cookie.path, /^\/connect(\/|$)/, cookie.name);
    }
  });
});

describe('in a popup without a redirect URI', () => {
  const browser = browserFor();
  const none = {response_type: 'none', redirect_uri: undefined};
  let server;
  let origin;

  before(async() => {
    server = http.createServer((request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>An application</title><button>Connect</button><script>
        window.messages = [];
        addEventListener('message', ({data, origin}) => messages.push({data, origin}));
        document.querySelector('button').onclick = () => open(new URLSearchParams(location.search).get('to'), 'Connect your car');
      </script>`);
    });
    await new Promise((resolve) => server.listen(0, 'localhost', resolve));
    origin = `http://localhost:${server.address().port}`;
    carport.cli('app', 'redirect-uri', 'add', carport.application.clientId, `${origin}/callback`);
  });
  after(() => server?.close());

  /** Goes through Connect in a popup; leaves the driver in it. */
  async function inPopup(url, options) {
    const driver = browser();
    await driver.get(`${origin}/?to=${encodeURIComponent(url)}`);
    const opener = await driver.getWindowHandle();
    await click(driver, By.css('button'));
    await driver.wait(async() => (await driver.getAllWindowHandles()).length === 2, 10_000);
    const popup = (await driver.getAllWindowHandles()).find((handle) => handle !== opener);
    await driver.switchTo().window(popup);
    await decide(driver, options);
    return {driver, opener, popup};
  }

  test('the last page posts the message of the browser SDK and closes', async() => {
    const state = Buffer.from(JSON.stringify({instanceId: 'one', originalState: 'mine'})).toString('base64');
    const url = connectUrl(carport, {...none, app_origin: origin, state});
    const {driver, opener} = await inPopup(url);
    await driver.wait(async() => (await driver.getAllWindowHandles()).length === 1, 10_000);
    await driver.switchTo().window(opener);
    const [message, more] = await driver.executeScript('return window.messages');
    assert.equal(more, undefined, 'one message');
    assert.equal(message.origin, carport.url);
    const {userId, ...rest} = message.data;
    assert.match(userId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      name: 'SmartcarAuthMessage',
      isSmartcarHosted: false,
      code: null,
      error: null,
      errorDescription: null,
      state,
      vin: null,
      make: null,
      model: null,
      year: null,
      virtualKeyUrl: null,
    });
  });

  test('a no is posted too', async() => {
    const url = connectUrl(carport, {...none, app_origin: origin});
    const {driver, opener} = await inPopup(url, {button: 'deny-button'});
    await driver.wait(async() => (await driver.getAllWindowHandles()).length === 1, 10_000);
    await driver.switchTo().window(opener);
    const [message] = await driver.executeScript('return window.messages');
    assert.equal(message.data.error, 'access_denied');
    assert.ok(message.data.errorDescription);
  });

  test('an origin that is not registered hears nothing', async() => {
    const url = connectUrl(carport, {...none, app_origin: 'http://localhost:1'});
    const {driver, opener, popup} = await inPopup(url);
    await located(driver, By.xpath('//*[contains(., "You can close this window")]'));
    await driver.switchTo().window(opener);
    assert.deepEqual(await driver.executeScript('return window.messages'), []);
    await driver.switchTo().window(popup);
    await driver.close();
    await driver.switchTo().window(opener);
  });
});

/** A code for tokens, by hand. */
function exchange(code) {
  const {clientId, clientSecret} = carport.application;
  return fetch(`${carport.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
}

async function permissionsOf(code) {
  const {access_token: token} = await (await exchange(code)).json();
  const get = async(path) => {
    const response = await fetch(carport.url + path, {headers: {authorization: `Bearer ${token}`}});
    return response.json();
  };
  const {vehicles: [id]} = await get('/v2.0/vehicles');
  return (await get(`/v2.0/vehicles/${id}/permissions`)).permissions;
}
