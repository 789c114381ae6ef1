'use strict';

// `getAuthUrl` with every option: what is in the address, and what Connect makes of it.

const assert = require('node:assert/strict');
const {test} = require('node:test');
const {By} = require('../lib/browser');
const {located, newLogin} = require('../lib/connect');
const {SCOPE, onBothSides} = require('./side');

const VIN = '0SCAUDI037A5ADB1C';

onBothSides((side) => {
  /** The address for these options, taken apart; `state` is decoded. */
  async function urlOf(options, dialog) {
    await side.visit(options);
    const url = await side.run('return instance.getAuthUrl(arguments[0])', dialog);
    const {origin, pathname, searchParams} = new URL(url);
    assert.equal(origin, side.connect);
    assert.equal(pathname, '/oauth/authorize');
    const query = {};
    for (const [name, value] of searchParams) {
      assert.ok(!(name in query), `${name} comes once`);
      query[name] = value;
    }
    // Sent raw, a + arrives here as a space.
    query.state = JSON.parse(Buffer.from(query.state.replaceAll(' ', '+'), 'base64').toString('latin1'));
    assert.equal(query.state.instanceId, await side.run('return instance.instanceId'));
    delete query.state.instanceId;
    return {url, query};
  }

  const usual = () => ({
    response_type: 'code',
    application_id: side.applicationId,
    redirect_uri: side.redirectUri,
    approval_prompt: 'auto',
    scope: SCOPE.join(' '),
    mode: 'test',
    state: {},
  });

  /** Opens the address; resolves when its first page is there. */
  async function arrive(url) {
    await side.driver.get(url);
    return located(side.driver, By.id('continue-button'));
  }

  const cases = [
    ['nothing', {}, {}, {}],
    ['forcePrompt', {}, {forcePrompt: true}, {approval_prompt: 'force'}],
    ['state', {}, {state: 'a b/ü'}, {state: {originalState: 'a b/ü'}}],
    ['vehicleInfo.make', {}, {vehicleInfo: {make: 'LAND_ROVER'}}, {make: 'LAND_ROVER'}],
    ['singleSelect', {}, {singleSelect: true}, {single_select: 'true'}],
    ['singleSelect off', {}, {singleSelect: false}, {single_select: 'false'}],
    ['singleSelect by VIN', {}, {singleSelect: {vin: VIN}}, {single_select: 'true', single_select_vin: VIN}],
    ['singleSelect of nothing', {}, {singleSelect: {}}, {single_select: 'false'}],
    ['flags', {}, {flags: ['country:DE', 'color:00819D', 'pizza:pasta']},
      {flags: 'country:DE color:00819D pizza:pasta'}],
    ['user', {}, {user: '2dad4eaf & co'}, {user: '2dad4eaf & co'}],
    ['externalId', {externalId: 'a+b c'}, {}, {external_id: 'a+b c'}],
    ['externalId cleared', {externalId: null}, {}, {external_id: 'null'}],
    ['mode', {mode: 'simulated'}, {}, {mode: 'simulated'}],
    ['testMode', {mode: 'live', testMode: true}, {}, {mode: 'test'}],
    ['no scope', {scope: null}, {}, {scope: undefined}],
    ['no redirectUri', {redirectUri: null}, {}, {redirect_uri: undefined}],
    ['responseType none', {responseType: 'none'}, {}, {response_type: 'none'}],
  ];
  for (const [name, options, dialog, difference] of cases) {
    test(name, async() => {
      const {url, query} = await urlOf(side.options(options), dialog);
      const expected = Object.entries({...usual(), ...difference}).filter(([, value]) => value !== undefined);
      assert.deepEqual(query, Object.fromEntries(expected));
      assert.ok(await arrive(url));
    });
  }

  test('responseType none without a redirect URI names the page\'s origin', async() => {
    const {url, query} = await urlOf(side.options({responseType: 'none', redirectUri: null}));
    const {redirect_uri: _, ...rest} = usual();
    assert.deepEqual(query, {...rest, response_type: 'none', app_origin: side.site.origin});
    await arrive(url);
    // The rail names the page that asks, though there is no redirect URI.
    assert.equal(await side.driver.findElement(By.css('.asking small')).getText(), 'localhost');
  });

  test('the old name of the application', async() => {
    const {applicationId, ...rest} = side.options();
    const {url, query} = await urlOf({...rest, clientId: applicationId});
    assert.equal(query.application_id, applicationId);
    await arrive(url);
  });

  test('live mode is told of what there is instead', async() => {
    const {mode: _, ...live} = side.options();
    const {url, query} = await urlOf(live);
    assert.equal(query.mode, 'live');
    await side.driver.get(url);
    await located(side.driver, By.xpath('//dd[contains(., "mode=test")]'));
  });

  test('flags set country and colour', async() => {
    const {url} = await urlOf(side.options(), {flags: ['country:DE', 'color:00819D']});
    await arrive(url);
    const country = await side.driver.findElement(By.css('#country-select option:checked'));
    assert.equal(await country.getAttribute('value'), 'DE');
    const accent = await side.run(
      'return [...document.styleSheets].some((sheet) => sheet.href.endsWith("/assets/accent-00819d.css"))',
    );
    assert.ok(accent);
  });

  test('a brand and a VIN skip the brands', async() => {
    for (const dialog of [{vehicleInfo: {make: 'AUDI'}}, {singleSelect: {vin: VIN}}]) {
      const {url} = await urlOf(side.options(), dialog);
      await (await arrive(url)).click();
      await located(side.driver, By.id('sign-in-button'));
      assert.match(await side.driver.findElement(By.css('h1')).getText(), /Audi/);
    }
    await side.driver.findElement(By.id('username')).sendKeys(newLogin());
    await side.driver.findElement(By.id('password')).sendKeys('password');
    await side.driver.findElement(By.id('sign-in-button')).click();
    await located(side.driver, By.xpath(`//*[contains(., "VIN ends in ${VIN.slice(-4)}")]`));
  });

  test('one of several cars', async() => {
    const {url} = await urlOf(side.options(), {singleSelect: true, vehicleInfo: {make: 'AUDI'}});
    await (await arrive(url)).click();
    await (await located(side.driver, By.id('username'))).sendKeys('3-vehicles@smartcar.com');
    await side.driver.findElement(By.id('password')).sendKeys('password');
    await side.driver.findElement(By.id('sign-in-button')).click();
    await located(side.driver, By.id('approval-button'));
    assert.equal((await side.driver.findElements(By.css('input[type=radio][name=vehicle]'))).length, 3);
  });

  test('wrong options are refused in the page', async() => {
    await side.visit(side.options());
    const refused = (options) => side.run(`
      try { new Smartcar(arguments[0]); } catch (error) { return error.message; }`, options);
    const {applicationId: _, ...nobody} = side.options();
    for (const options of [nobody, side.options({mode: 'fast'}), side.options({responseType: 'token'})]) {
      assert.ok(await refused(options));
    }
  });

  test('the redirect page needs somebody to tell', async() => {
    await side.visit(side.options());
    const outcome = (uri, callback) => side.run(`
      try { new Smartcar({...arguments[0], redirectUri: arguments[1], onComplete: ${callback}}); return 'made'; }
      catch (error) { return 'refused'; }`, side.options(), uri);
    assert.equal(await outcome(side.redirectUri, 'undefined'), 'refused');
    assert.equal(await outcome(side.redirectUri, '(error) => error'), 'refused');
    assert.equal(await outcome(side.redirectUri, '(error, code) => code'), 'made');
    assert.equal(await outcome(`${side.site.origin}/callback`, 'undefined'), 'made');
  });

  test('the window is of the size that was asked for', async() => {
    await side.visit(side.options());
    const features = (windowOptions) => side.run(`
      const {open} = window;
      let asked;
      window.open = (...all) => { asked = all; };
      instance.openDialog({windowOptions: arguments[0]});
      window.open = open;
      return [asked[1], ...['top', 'left', 'width', 'height'].map((name) =>
        Number(new RegExp(name + '=(-?[0-9.]+)').exec(asked[2])[1]))];`, windowOptions);
    assert.deepEqual(
      await features({top: '10', left: '20', width: '400', height: '500'}),
      ['Connect your car', 10, 20, 400, 500],
    );
    assert.deepEqual((await features({width: '5', height: '99'})).slice(3), [100, 100]);
    const [width, height] = await side.run('return [screen.width, screen.height]');
    const [, , , usualWidth, usualHeight] = await features();
    assert.ok(Math.abs(usualWidth - width * 0.3) <= 1 && Math.abs(usualHeight - height * 0.75) <= 1);
  });
});
