'use strict';

// The pages of applications, as a developer uses them: from a name to working credentials, and to the
// end of it; with and without JavaScript, and by keyboard.

const assert = require('node:assert/strict');
const {after, afterEach, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, Key, openBrowser, setScheme, setSize} = require('../lib/browser');
const {located, told} = require('../lib/connect');

const LIST = '/dashboard/applications';
const URI = 'https://rideledger.example.net/cars/callback';

let carport;

before(async() => {
  carport = await startCarport({more: ['--seed', '7']});
});

after(() => carport?.stop());

/** Status of a request by which a client proves itself. */
async function proves(id, secret) {
  const body = new URLSearchParams({client_id: id, client_secret: secret, token: 'x'});
  return (await fetch(`${carport.url}/oauth/introspect`, {method: 'POST', body})).status;
}

for (const javascript of [true, false]) {
  describe(javascript ? 'with JavaScript' : 'without JavaScript', () => {
    const name = javascript ? 'Ride Ledger' : 'Ride Ledger, plain';
    let driver;
    let id;
    let secret;

    before(async() => {
      driver = await openBrowser({javascript});
      await setSize(driver, 1280, 900);
      await setScheme(driver, 'light');
    });

    after(() => driver?.end());

    afterEach(async() => {
      const said = await driver.manage().logs().get('browser');
      // A form that comes back has status 400, which the browser notes.
      const errors = said.filter(({level, message}) => level.name === 'SEVERE' && !/status of 400/.test(message));
      assert.deepEqual(errors.map(({message}) => message), [], 'the browser complains of nothing');
    });

    const open = (page) => driver.get(`${carport.url}${LIST}/${id}${page}`);
    const click = async(button) => (await located(driver, By.id(button))).click();
    const text = async(element) => (await located(driver, By.id(element))).getText();
    const says = (words) => told(driver, words);
    const type = async(field, typed) => {
      const input = await located(driver, By.id(field));
      await input.clear();
      await input.sendKeys(typed);
    };

    test('an application is made and its credentials work', async() => {
      await driver.get(carport.url + LIST);
      await (await located(driver, By.linkText('Make an application'))).click();
      await type('name', name);
      await type('uri', 'http://rideledger.example.net/');
      await click('make-button');
      assert.match(await text('uri-error'), /Use https/);
      assert.match(await driver.getTitle(), /^Error: /);
      assert.equal(await (await located(driver, By.id('name'))).getAttribute('value'), name);
      await type('uri', 'http://localhost:8000/exchange');
      await click('make-button');
      secret = await text('new-secret');
      id = await text('client-id');
      assert.equal(await proves(id, secret), 200);
      assert.match(await text('export-lines'), new RegExp(`SMARTCAR_CLIENT_SECRET=.?${secret}`));
      const playground = await (await located(driver, By.id('try-link'))).getAttribute('href');
      assert.equal(playground, `${carport.url}/dashboard/try?application=${id}`);
      await open('/credentials');
      const page = await (await located(driver, By.css('main'))).getText();
      assert.ok(!page.includes(secret), 'it is shown once');
      assert.ok(page.includes(secret.slice(-4)));
    });

    test('a redirect URI is refused, added, made the default and removed', async() => {
      await open('/redirects');
      await type('uri', `${URI}#part`);
      await click('add-button');
      assert.match(await text('uri-error'), /Leave out everything from #/);
      await type('uri', URI);
      await click('add-button');
      await says(/works from now on/);
      const press = async(button) => (await located(driver, By.xpath(`//tr[contains(., '${URI}')]//button[starts-with(., '${button}')]`))).click();
      await press('Make default');
      await says(/default now/);
      const first = await located(driver, By.css('tbody tr'));
      assert.ok((await first.getText()).startsWith(URI));
      await press('Remove');
      await says(/no longer sends owners there/);
    });

    test('a secret is rotated with an overlap, and the old one is revoked', async() => {
      await open('/credentials');
      await click('rotate-button');
      const fresh = await text('new-secret');
      const page = await (await located(driver, By.css('main'))).getText();
      assert.match(page, /stops working in 2[34] h/);
      assert.match(page, javascript ? /\(\d+ \w+ \d+, \d\d:\d\d UTC\)/ : /\d\d:\d\d UTC/);
      assert.deepEqual([await proves(id, secret), await proves(id, fresh)], [200, 200]);
      await (await located(driver, By.xpath("//tr[contains(., 'old')]//a"))).click();
      await click('confirm-button');
      await says(/revoked/);
      assert.deepEqual([await proves(id, secret), await proves(id, fresh)], [401, 200]);
    });

    test('the management token is shown when it is asked for', async() => {
      await open('/credentials');
      await click('show-token-button');
      const token = await text('token');
      const headers = {authorization: `Bearer ${token}`};
      const answer = await fetch(`${carport.url}/v3/applications`, {headers});
      assert.equal((await answer.json()).data[0].attributes.name, name);
    });

    test('it is renamed by keyboard', async() => {
      await open('');
      const input = await located(driver, By.id('description'));
      await input.sendKeys('Keeps a logbook.', Key.ENTER);
      await says(/Saved/);
      await driver.get(`${carport.url}${LIST}?q=${encodeURIComponent(name)}`);
      assert.match(await (await located(driver, By.css('tbody'))).getText(), /Keeps a logbook/);
    });

    test('it is deleted once its name is typed', async() => {
      await open('');
      await click('delete-link');
      await type('name', 'something');
      await click('delete-button');
      assert.match(await text('name-error'), /not its name/);
      await type('name', name);
      await click('delete-button');
      await says(/Deleted/);
      const list = await (await located(driver, By.css('main'))).getText();
      assert.ok(!list.includes(id));
      assert.equal((await fetch(`${carport.url}${LIST}/${id}`)).status, 404);
    });
  });
}
