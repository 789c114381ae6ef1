'use strict';

// Who hears the answer: redirect pages, ours and the application's own.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {CONNECT, SCRIPTS} = require('../lib/names');
const {By, openBrowser, until} = require('../lib/browser');
const {decide, located} = require('../lib/connect');
const {WAIT, onBothSides} = require('./side');

const ANSWER = 'code=made-up&state=e30%3D&user_id=made-up';

onBothSides((side) => {
  const text = () => side.driver.findElement(By.css('main')).getText();

  /** Opens an address in a window of the application's page. */
  async function openWindow(url, origin) {
    await side.visit(side.options(), {origin});
    await side.run('window.opened = open(arguments[0]); return null', url);
  }

  const closesItself = () =>
    side.driver.wait(() => side.run('return opened.closed'), WAIT, 'the window closes itself');

  describe('the redirect page', () => {
    test('says so and posts nothing when its address is not registered', async() => {
      const page = `${side.scripts}/v2/redirect`;
      for (const query of [
        `?app_origin=${side.site.other}&${ANSWER}`,
        `?app_origin=${encodeURIComponent(side.site.origin)}&${ANSWER}`,
        `?app_origin=${side.site.origin}/&${ANSWER}`,
        `?app_origin=*&${ANSWER}`,
        `?${ANSWER}`,
      ]) {
        await openWindow(page + query, query.includes(side.site.other) ? side.site.other : undefined);
        await side.intoWindow();
        await located(side.driver, By.xpath('//h1[.="Your answer could not be handed over"]'));
        assert.match(await text(), /app_origin/);
        assert.deepEqual(await side.posted(), [], query);
      }
    });

    test('is not heard by a page of another origin', async() => {
      await openWindow(`${side.redirectUri}&${ANSWER}`, side.site.other);
      await closesItself();
      assert.deepEqual(await side.run('return messages'), []);
    });

    test('is heard by the page that is registered, but believed by no instance', async() => {
      await openWindow(`${side.redirectUri}&${ANSWER}&external_id=x`);
      await side.driver.wait(() => side.run('return messages.length'), WAIT);
      const [completed, [{data, origin}]] = await side.run('return [completed, messages]');
      await closesItself();
      assert.deepEqual(completed, []);
      assert.equal(origin, side.scripts);
      assert.deepEqual(data, {
        name: 'SmartcarAuthMessage', isSmartcarHosted: side.scripts === SCRIPTS, code: 'made-up', error: null,
        errorDescription: null, state: 'e30=', vin: null, make: null, model: null, year: null,
        virtualKeyUrl: null, userId: 'made-up', externalId: 'x',
      });
    });

    test('says that nobody waits when it was opened on its own', async() => {
      await side.driver.get(`${side.redirectUri}&${ANSWER}`);
      const note = await located(side.driver, By.id('opener-error'));
      assert.ok(await note.isDisplayed());
      assert.match(await text(), new RegExp(side.site.origin));
    });
  });

  describe('a redirect page of the application\'s own', () => {
    const script = () => encodeURIComponent(`${side.scripts}/v2/redirect.js`);
    for (const [name, uri] of [
      ['on the same origin', () => `${side.site.origin}/callback?script=${script()}`],
      ['on another, with app_origin',
        () => `${side.site.other}/callback?script=${script()}&app_origin=${side.site.origin}`],
      ['on another, with data-target',
        () => `${side.site.other}/callback?script=${script()}&target=${side.site.origin}`],
    ]) {
      test(name, async() => {
        const redirectUri = uri();
        side.register(redirectUri);
        await side.visit(side.options({redirectUri}));
        await side.opens({state: 'own page'});
        await decide(side.driver, {check: false});
        const [{error, code, state}] = await side.completed();
        assert.deepEqual([error, state], [null, 'own page']);
        assert.equal((await side.vehicles(code, redirectUri)).length, 1);
        const [{data, origin}] = await side.run('return messages');
        assert.equal(origin, new URL(redirectUri).origin);
        assert.equal(data.isSmartcarHosted, false);
      });
    }
  });

  test('npm\'s script with the host replaced in its address', async() => {
    const {sdk} = side;
    side.sdk = '/npm.js';
    const redirectUri = `${side.carport.url}/v2/redirect?app_origin=${side.site.origin}`;
    side.register(redirectUri);
    await side.visit(side.options({redirectUri}));
    await side.run('open(instance.getAuthUrl().replace(arguments[0], arguments[1])); return null', CONNECT, side.carport.url);
    await side.intoWindow();
    await decide(side.driver, {check: false});
    const [{error, code}] = await side.completed();
    assert.equal(error, null);
    assert.equal((await side.vehicles(code, redirectUri)).length, 1);
    side.sdk = sdk;
  });

  describe('Carport\'s script', () => {
    test('under a version, as from the CDN', async() => {
      const {sdk} = side;
      side.sdk = `${side.scripts}/2.14.1/sdk.js`;
      await side.visit(side.options());
      assert.ok((await side.run('return instance.getAuthUrl()')).startsWith(`${side.scripts}/oauth/authorize?`));
      await side.opens();
      await decide(side.driver, {check: false});
      const [{error, code}] = await side.completed();
      assert.equal(error, null);
      assert.ok(code);
      side.sdk = sdk;
    });

    test('in a bundle leads to the public address', async() => {
      await side.visit(side.options());
      const url = await side.driver.executeAsyncScript(`
        const [address, options, done] = arguments;
        fetch(address).then((answer) => answer.text()).then((text) => {
          const module = {exports: {}};
          new Function('module', text)(module);
          done(new module.exports({...options, onComplete: (error, code) => code}).getAuthUrl());
        }).catch((error) => done(String(error)));`, `${side.scripts}/sdk.js`, side.options());
      assert.ok(url.startsWith(`${side.carport.url}/oauth/authorize?`), url);
    });

    test('as the guide shows it', async() => {
      const guide = fs.readFileSync(path.join(__dirname, '../../docs/guide/browser-sdk.md'), 'utf8');
      const [, page] = /```html\n(<!doctype html>[^]*?)```/.exec(guide);
      const replaced = {
        'http://localhost:2277': side.scripts, 'http://localhost:3000': side.site.origin,
        'YOUR-CLIENT-ID': side.applicationId,
      };
      side.site.pages['/guide'] = Object.entries(replaced).reduce((text, [from, to]) => {
        assert.ok(text.includes(from), from);
        return text.replaceAll(from, to);
      }, page);
      await side.driver.get(`${side.site.origin}/guide`);
      side.opener = await side.driver.getWindowHandle();
      await side.driver.findElement(By.id('connect')).click();
      await side.intoWindow();
      await decide(side.driver, {check: false});
      await side.driver.switchTo().window(side.opener);
      const told = await side.driver.findElement(By.id('told'));
      await side.driver.wait(until.elementTextMatches(told, /^code [0-9a-f-]{36}$/), WAIT);
    });

    test('takes a state of any letters', async() => {
      const {sdk} = side;
      side.sdk = `${side.scripts}/sdk.js`;
      await side.visit(side.options());
      const state = 'Zürich → 東京 🚗 +/=';
      await side.opens({state});
      await decide(side.driver, {check: false});
      assert.equal((await side.completed())[0].state, state);
      side.sdk = sdk;
    });
  });
});

describe('without JavaScript', () => {
  let carport;
  let driver;
  before(async() => {
    carport = await startCarport();
    driver = await openBrowser({javascript: false});
  });
  after(async() => {
    await driver?.end();
    await carport?.stop();
  });

  test('the redirect page says what it needs', async() => {
    const page = `${carport.url}/v2/redirect?app_origin=http://localhost:3000`;
    carport.cli('app', 'redirect-uri', 'add', carport.application.clientId, page);
    await driver.get(`${page}&${ANSWER}`);
    assert.match(await driver.findElement(By.css('main')).getText(), /This page needs JavaScript/);
  });
});
