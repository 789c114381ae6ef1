'use strict';

// `openDialog` from a page of another origin, through Connect, to `onComplete`.

const assert = require('node:assert/strict');
const {describe, test} = require('node:test');
const {By} = require('../lib/browser');
const {checkPage, decide, located, newLogin} = require('../lib/connect');
const {report} = require('../lib/methods');
const {onBothSides} = require('./side');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What `onComplete` is told when nothing of it applies. */
const NOTHING = {who: 'first', code: null, state: null, virtualKeyUrl: null, userId: null, externalId: null};

onBothSides((side) => {
  const click = async(id) => (await located(side.driver, By.id(id))).click();

  /** From the window's first page to the page after the sign-in that has `mark`, if there is one. */
  async function signIn(email, mark) {
    const {driver} = side;
    await click('continue-button');
    await click('AUDI');
    await (await located(driver, By.id('username'))).sendKeys(email);
    await driver.findElement(By.id('password')).sendKeys('password');
    await click('sign-in-button');
    if (mark) {
      await located(driver, By.id(mark));
    }
  }

  test('success: a code, the state, the owner and the external id', async() => {
    const owner = newLogin();
    await side.visit(side.options({externalId: 'fleet 7/ä+&='}));
    const dialog = {
      state: 'where I was', forcePrompt: true, user: 'owner-1', flags: ['country:DE', 'color:00819D'],
    };
    await side.opens(dialog);
    await located(side.driver, By.id('continue-button'));
    await checkPage(side.driver, 'start', 'https://example.com/auth');
    const country = await side.driver.findElement(By.css('#country-select option:checked'));
    assert.equal(await country.getAttribute('value'), 'DE');
    await decide(side.driver, {brand: 'AUDI', email: owner, check: false});
    const [{code, userId, ...rest}, more] = await side.completed();
    assert.equal(more, undefined, 'called once');
    assert.match(userId, UUID);
    assert.deepEqual(rest, {
      who: 'first', error: null, state: 'where I was', virtualKeyUrl: null, externalId: 'fleet 7/ä+&=',
    });
    const [vehicle] = await side.vehicles(code);
    assert.match(vehicle, UUID);

    // The message as it was posted: one, from the page that was registered.
    const [message, another] = await side.run('return messages');
    assert.equal(another, undefined);
    assert.equal(message.origin, side.scripts);
    assert.equal(message.data.name, 'SmartcarAuthMessage');
    assert.equal(message.data.isSmartcarHosted, side.scripts === 'https://javascript-sdk.smartcar.com');

    // The same owner again: nothing to ask, the external id as it was kept.
    await side.visit(side.options());
    await side.opens();
    await signIn(owner);
    const [again] = await side.completed();
    assert.equal(again.error, null);
    assert.equal(again.userId, userId);
    assert.equal(again.externalId, 'fleet 7/ä+&=');
    assert.notEqual(again.code, code);

    // And cleared.
    await side.visit(side.options({externalId: null}));
    await side.opens();
    await signIn(owner);
    const [cleared] = await side.completed();
    assert.equal(cleared.error, null);
    assert.equal(cleared.externalId, null);
  });

  test('a state whose base64 contains +', async() => {
    await side.visit(side.options());
    // The instance's id is before it, so where the + falls differs from run to run.
    const state = await side.run(`
      for (const text of ['~~~~', 'x~~~~', 'xx~~~~']) {
        const url = instance.getAuthUrl({state: text});
        if (/[?&]state=[^&]*(\\+|%2B)/.test(url)) { return text; }
      }
    `);
    assert.ok(state, 'one of three in a row has a +');
    await side.opens({state});
    await decide(side.driver, {check: false});
    const [told] = await side.completed();
    assert.equal(told.state, state);
    assert.match(told.code, UUID);
  });

  test('access_denied', async() => {
    await side.visit(side.options());
    await side.opens({state: 's'});
    await decide(side.driver, {check: false, button: 'deny-button'});
    const [{error, ...rest}] = await side.completed();
    assert.equal(error.kind, 'AccessDenied');
    assert.equal(error.name, 'AccessDenied');
    assert.ok(error.message);
    assert.deepEqual(rest, {...NOTHING, state: 's'});
  });

  test('vehicle_incompatible, without and with what car it was', async() => {
    for (const shares of [false, true]) {
      await side.visit(side.options());
      await side.opens();
      await signIn('smartcar@vehicle-incompatible.com', 'share-vehicle');
      if (shares) {
        await click('share-vehicle');
      }
      await click('exit-button');
      const [{error}] = await side.completed();
      assert.equal(error.kind, 'VehicleIncompatible');
      if (shares) {
        const {vin, make, model, year} = error.vehicleInfo;
        assert.match(vin, /^0SCAUDI/);
        assert.equal(make, 'AUDI');
        assert.ok(model);
        assert.ok(Number.isInteger(year) && year > 2000, `${year}`);
      } else {
        assert.equal(error.vehicleInfo, null);
      }
    }
  });

  for (const [email, mark, kind, text] of [
    ['smartcar@invalid-subscription.com', 'another-account', 'InvalidSubscription', /./],
    ['0-vehicles@smartcar.com', 'another-account', 'Error', /^Unexpected error: no_vehicles - ./],
    ['owner@example.net', 'approval-button', 'Error', /^Unexpected error: user_manually_returned_to_application - ./],
  ]) {
    test(`${kind} for ${email}`, async() => {
      await side.visit(side.options());
      await side.opens({forcePrompt: true});
      await signIn(email, mark);
      await click('exit-button');
      const [{error, code}] = await side.completed();
      assert.equal(error.kind, kind);
      assert.match(error.message, text);
      assert.equal(code, null);
    });
  }

  test('a link that asks for what there is not', async() => {
    await side.visit(side.options({scope: ['read_mind']}));
    await side.opens();
    await click('exit-button');
    const [{error}] = await side.completed();
    assert.match(error.message, /^Unexpected error: configuration_error - ./);
  });

  test('the simulated mode of the React tutorial', async() => {
    await side.visit(side.options({mode: 'simulated', scope: ['read_vehicle_info']}));
    await side.opens({forcePrompt: true});
    await decide(side.driver, {check: false});
    const [{error, code}] = await side.completed();
    assert.equal(error, null);
    assert.equal((await side.vehicles(code)).length, 1);
  });

  test('addClickHandler by id and by selector, until unmount', async() => {
    await side.visit(side.options());
    await side.run(`instance.addClickHandler({id: 'one', state: 'by id'});
      instance.addClickHandler({selector: '.more', state: 'by selector'});`);
    for (const [locator, state] of [[By.id('one'), 'by id'], [By.xpath('//button[.="Three"]'), 'by selector']]) {
      await side.run('completed.length = 0');
      await side.opens({}, locator);
      await decide(side.driver, {check: false});
      const [told] = await side.completed();
      assert.equal(told.state, state);
    }
    for (const wrong of ['{}', '{id: "nowhere"}', '{selector: "#nowhere"}']) {
      const thrown = await side.run(`try { instance.addClickHandler(${wrong}); } catch (error) { return error.message; }`);
      assert.ok(thrown, wrong);
    }
    await side.run('completed.length = 0; instance.unmount()');
    await side.driver.findElement(By.id('one')).click();
    await side.opens();
    await decide(side.driver, {check: false});
    const {driver} = side;
    await driver.wait(async() => (await driver.getAllWindowHandles()).length === 1);
    await driver.switchTo().window(side.opener);
    await driver.wait(() => side.run('return messages.length === 3'), 10_000, 'the third message is posted');
    assert.deepEqual(await side.run('return completed'), [], 'and nobody called');
    await side.collect();
  });

  test('of two instances the right one is told', async() => {
    await side.visit(side.options());
    await side.run('make(arguments[0], "second")', side.options());
    await side.opens({state: 'mine'});
    await decide(side.driver, {check: false});
    const told = await side.completed();
    assert.deepEqual(told.map(({who, state}) => [who, state]), [['second', 'mine']]);
  });

  describe('without a redirect URI, responseType none', () => {
    const none = () => side.options({redirectUri: null, responseType: 'none', externalId: 'car-1'});

    test('the last page of Connect tells', async() => {
      await side.visit(none());
      await side.opens({state: 'a state'});
      await decide(side.driver, {check: false});
      const [{userId, ...rest}] = await side.completed();
      assert.match(userId, UUID);
      assert.deepEqual(rest, {
        who: 'first', error: null, code: null, state: 'a state', virtualKeyUrl: null, externalId: 'car-1',
      });
      const [{origin}] = await side.run('return messages');
      assert.equal(origin, side.connect);
    });

    test('and tells of failures', async() => {
      await side.visit(none());
      await side.opens();
      await decide(side.driver, {check: false, button: 'deny-button'});
      assert.equal((await side.completed())[0].error.kind, 'AccessDenied');

      await side.visit(none());
      await side.opens();
      await signIn('smartcar@vehicle-incompatible.com', 'share-vehicle');
      await click('share-vehicle');
      await click('exit-button');
      assert.match((await side.completed())[0].error.vehicleInfo.vin, /^0SCAUDI/);

      await side.visit({...none(), scope: ['read_mind']});
      await side.opens();
      await click('exit-button');
      assert.match((await side.completed())[0].error.message, /configuration_error/);
    });

    test('but tells no page of an origin that is not registered', async() => {
      await side.visit(none(), {origin: side.site.other});
      await side.opens();
      await decide(side.driver, {check: false});
      await located(side.driver, By.xpath('//*[contains(., "You can close this window")]'));
      assert.deepEqual(await side.posted(), []);
    });

    test('with a redirect URI there is a redirect, without a code', async() => {
      await side.visit(side.options({responseType: 'none'}));
      await side.opens();
      await decide(side.driver, {check: false});
      const [{error, code, userId}] = await side.completed();
      assert.deepEqual([error, code], [null, null]);
      assert.match(userId, UUID);
      const [{origin}] = await side.run('return messages');
      assert.equal(origin, side.scripts);
    });
  });

  test('every public member was used', async() => {
    await side.visit(side.options());
    const members = await side.run('return members');
    const unused = members.filter((name) => !side.used.has(name));
    report(side.client, members.length - unused.length, members.length);
    assert.deepEqual(unused, []);
    assert.ok(members.length >= 8, members.join(' '));
  });
});
