'use strict';

const assert = require('node:assert/strict');
const {randomUUID} = require('node:crypto');
const {after, before, describe, test} = require('node:test');
const {setNodeEnvironment, startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {approve, located} = require('../lib/connect');

const MAJOR = Number(process.env.SDK_MAJOR);
const smartcar = require(`smartcar-${MAJOR}`);

const REDIRECT_URI = 'https://example.com/auth';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SUITE_PAUSE = 5000; // as the official suite waits after login

// The logins of the official end-to-end suite.
const CHEVROLET = [
  'required:read_vehicle_info', 'required:read_location', 'required:read_odometer',
  'required:control_security', 'required:read_vin', 'required:read_fuel', 'required:read_battery',
  'required:read_charge', 'required:read_engine_oil', 'required:read_tires',
  'required:read_user_profile', 'required:read_diagnostics',
];
const FORD = [
  'required:control_charge', 'required:control_security', 'required:read_security',
  'required:control_navigation', 'required:read_service_history',
];
const KIA = ['required:read_charge', 'required:control_charge'];

let carport;
let driver;
let client;

before(async() => {
  carport = await startCarport();
  setNodeEnvironment(carport);
  client = new smartcar.AuthClient({mode: 'test', redirectUri: REDIRECT_URI});
  driver = await openBrowser();
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

/** Through Connect to the first vehicle. */
async function connected(scope, options) {
  const {code} = await approve(driver, client.getAuthUrl(scope, {forcePrompt: true}), options);
  const {accessToken} = await client.exchangeCode(code);
  const {vehicles} = await smartcar.getVehicles(accessToken);
  return {accessToken, vehicle: new smartcar.Vehicle(vehicles[0], accessToken)};
}

/** What an SDK error must carry (REST contract 5.1), and that its page exists. */
async function fails(promise, {statusCode, type, code, resolution}) {
  const error = await promise.then(
    () => assert.fail(`expected ${type}`),
    (reason) => reason,
  );
  assert.equal(error.name, 'SmartcarError', error.stack);
  assert.equal(error.type, type, error.message);
  assert.equal(error.statusCode, statusCode);
  assert.equal(error.code, code);
  assert.match(error.requestId, UUID);
  assert.equal(typeof error.description, 'string');
  assert.equal(error.message, `${type}:${code ?? null} - ${error.description}`);
  assert.equal(error.resolution.type, resolution);
  const kebab = (text) => text.toLowerCase().replaceAll('_', '-');
  const anchor = code ? `#${kebab(code)}` : '';
  assert.equal(error.docURL, `${carport.url}/docs/errors/${kebab(type)}${anchor}`);
  const page = await fetch(error.docURL);
  assert.equal(page.status, 200, error.docURL);
  if (code) {
    assert.ok((await page.text()).includes(`id="${kebab(code)}"`), `${error.docURL} has its anchor`);
  }
  return error;
}

/** OAuth errors have no page and no code (Connect contract B.6). */
async function refused(promise, statusCode, type, description) {
  const error = await promise.then(() => assert.fail(`expected ${type}`), (reason) => reason);
  assert.equal(error.type, type, error.message);
  assert.equal(error.statusCode, statusCode);
  assert.equal(error.code, undefined);
  assert.match(error.requestId, UUID);
  if (description) {
    assert.equal(error.description, description);
    assert.equal(error.message, `${type}:undefined - ${description}`);
  }
}

function hasMeta(answer, {data = true, unitSystem} = {}) {
  const {meta} = answer;
  assert.match(meta.requestId, UUID);
  if (data) {
    assert.ok(meta.dataAge instanceof Date && !Number.isNaN(meta.dataAge.getTime()), 'dataAge');
    assert.ok(meta.fetchedAt instanceof Date && !Number.isNaN(meta.fetchedAt.getTime()), 'fetchedAt');
    assert.ok(meta.dataAge <= meta.fetchedAt, 'dataAge <= fetchedAt');
    assert.ok(meta.fetchedAt.getTime() <= Date.now() + 1000, 'fetchedAt <= now');
  }
  if (unitSystem) {
    assert.equal(meta.unitSystem, unitSystem);
  }
}

const hasKeys = (answer, ...keys) =>
  assert.deepEqual(Object.keys(answer).sort(), [...keys, 'meta'].sort());

function isPair(access) {
  assert.deepEqual(
    Object.keys(access).sort(),
    ['accessToken', 'expiration', 'refreshExpiration', 'refreshToken'],
  );
  assert.match(access.accessToken, /^.{36}$/);
  assert.match(access.refreshToken, /^.{36}$/);
  const hours = (access.expiration - Date.now()) / 3_600_000;
  assert.ok(hours > 1.99 && hours <= 2, `${hours} h`);
}

describe(`smartcar ${MAJOR}: Connect as the official suite drives it`, () => {
  for (const [brand, scope, search] of [
    ['CHEVROLET', CHEVROLET], ['FORD', FORD], ['KIA', KIA, true],
  ]) {
    test(`${brand} ends with a code, all rules kept`, async() => {
      const url = client.getAuthUrl(scope);
      const answer = await approve(driver, url, {brand, search, pause: SUITE_PAUSE});
      assert.match(answer.code, /^[A-Za-z0-9._~-]{36}$/);
      assert.match(answer.user_id, UUID);
      assert.equal(answer.error, undefined);
      assert.equal(answer.state, undefined, 'absent parameters are left out');
      isPair(await client.exchangeCode(answer.code));
    });
  }

  test('state comes back, and flags and user are taken without a word', async() => {
    const state = 'state+/ =&ü';
    const url = client.getAuthUrl(['read_vin'], {
      state, user: 'somebody', flags: {country: 'US', pizza: 'pasta'},
    });
    const answer = await approve(driver, url, {brand: 'FORD'});
    assert.equal(answer.state, state);
    assert.ok(answer.code);
  });

  test('make skips the brand page', async() => {
    await driver.get(client.getAuthUrl(['read_vin'], {makeBypass: 'ford'}));
    await (await located(driver, By.id('continue-button'))).click();
    await located(driver, By.id('sign-in-button'));
    assert.equal((await driver.findElements(By.css('.brand-list-item'))).length, 0);
  });

  test('rule 12: twenty runs in a row are let through', async() => {
    for (let run = 0; run < 20; run += 1) {
      const {code} = await approve(driver, client.getAuthUrl(['read_vin']), {check: false});
      assert.ok(code, `run ${run + 1}`);
    }
  });
});

describe(`smartcar ${MAJOR}: tokens`, () => {
  let code;
  let access;

  before(async() => {
    ({code} = await approve(driver, client.getAuthUrl(CHEVROLET), {check: false}));
    access = await client.exchangeCode(code);
  });

  test('exchangeCode gives a pair', () => isPair(access));

  test('a code works once', async() => {
    await refused(client.exchangeCode(code), 400, 'invalid_request', `Invalid code: ${code}.`);
  });

  test('an unknown code is named', async() => {
    const promise = client.exchangeCode('bad code here');
    await refused(promise, 400, 'invalid_request', 'Invalid code: bad code here.');
  });

  test('exchangeRefreshToken gives a new pair that works', async() => {
    const next = await client.exchangeRefreshToken(access.refreshToken);
    isPair(next);
    assert.notEqual(next.accessToken, access.accessToken);
    assert.notEqual(next.refreshToken, access.refreshToken);
    const {id} = await smartcar.getUser(access.accessToken);
    assert.equal((await smartcar.getUser(next.accessToken)).id, id);
  });

  test('a bad refresh token is named', async() => {
    const promise = client.exchangeRefreshToken('bad-token');
    await refused(promise, 400, 'invalid_request', 'Invalid refresh_token: bad-token.');
  });

  test('a wrong secret is invalid_client', async() => {
    const stranger = new smartcar.AuthClient({
      mode: 'test', redirectUri: REDIRECT_URI, clientSecret: 'wrong',
    });
    await refused(stranger.exchangeCode('any'), 401, 'invalid_client');
  });

  test('another redirect URI at the exchange is refused', async() => {
    const {code: fresh} = await approve(driver, client.getAuthUrl(['read_vin']), {check: false});
    const other = new smartcar.AuthClient({mode: 'test', redirectUri: 'http://localhost:3000'});
    await refused(other.exchangeCode(fresh), 400, 'invalid_request');
  });

  if (MAJOR >= 10) {
    test('without a redirect URI the default is used from end to end', async() => {
      const made = JSON.parse(carport.cli(
        'app', 'create', '--name', 'No redirect', '--redirect-uri', REDIRECT_URI, '--json',
      ));
      const application = made.application ?? made;
      const bare = new smartcar.AuthClient({
        mode: 'test', clientId: application.clientId, clientSecret: application.clientSecret,
      });
      const url = bare.getAuthUrl(['read_vehicle_info']);
      assert.ok(!url.includes('redirect_uri'));
      const answer = await approve(driver, url);
      isPair(await bare.exchangeCode(answer.code));
    });
  }
});

describe(`smartcar ${MAJOR}: reading a vehicle`, () => {
  let accessToken;
  let vehicle;

  before(async() => {
    ({accessToken, vehicle} = await connected(CHEVROLET, {check: false}));
  });

  test('getUser', async() => {
    const user = await smartcar.getUser(accessToken);
    hasKeys(user, 'id');
    assert.match(user.id, UUID);
    hasMeta(user, {data: false});
  });

  test('getVehicles', async() => {
    const page = await smartcar.getVehicles(accessToken);
    hasKeys(page, 'vehicles', 'paging');
    assert.equal(page.vehicles.length, 1);
    assert.match(page.vehicles[0], UUID);
    assert.deepEqual(page.paging, {count: 1, offset: 0});
    hasMeta(page, {data: false});
    const past = await smartcar.getVehicles(accessToken, {limit: 1, offset: 1});
    assert.deepEqual(past.vehicles, []);
    assert.deepEqual(past.paging, {count: 1, offset: 1});
  });

  test('getVehicles pages through an account of twelve', async() => {
    const twelve = await connected(['read_vin'], {email: '12-vehicles@smartcar.com', check: false});
    const first = await smartcar.getVehicles(twelve.accessToken);
    assert.equal(first.vehicles.length, 10);
    assert.deepEqual(first.paging, {count: 12, offset: 0});
    const rest = await smartcar.getVehicles(twelve.accessToken, {limit: 5, offset: 10});
    assert.deepEqual(rest.paging, {count: 12, offset: 10});
    assert.equal(new Set([...first.vehicles, ...rest.vehicles]).size, 12);
  });

  test('attributes', async() => {
    const answer = await vehicle.attributes();
    hasKeys(answer, 'id', 'make', 'model', 'year');
    assert.equal(answer.id, vehicle.id);
    assert.equal(answer.make, 'CHEVROLET');
    assert.equal(answer.model, 'Volt');
    assert.ok(Number.isInteger(answer.year));
    hasMeta(answer, {data: false});
  });

  test('vin', async() => {
    const answer = await vehicle.vin();
    hasKeys(answer, 'vin');
    assert.match(answer.vin, /^0SC[A-Z0-9]{14}$/);
    hasMeta(answer, {data: false});
  });

  test('permissions lists all twelve, without required:', async() => {
    const answer = await vehicle.permissions();
    hasKeys(answer, 'permissions', 'paging');
    const expected = CHEVROLET.map((entry) => entry.replace('required:', ''));
    assert.deepEqual([...answer.permissions].sort(), expected.sort());
    assert.deepEqual(answer.paging, {count: 12, offset: 0});
    const page = await vehicle.permissions({limit: 1});
    assert.equal(page.permissions.length, 1);
    assert.equal(page.paging.count, 12);
  });

  const positive = (value) => assert.ok(typeof value === 'number' && value > 0, String(value));
  const fraction = (value) => assert.ok(value > 0 && value <= 1, String(value));
  const READINGS = {
    odometer: {unit: true, keys: {distance: positive}},
    location: {keys: {
      latitude: (value) => assert.ok(value > 36 && value < 42, String(value)),
      longitude: (value) => assert.ok(value > -110 && value < -101, String(value)),
    }},
    fuel: {unit: true, keys: {
      percentRemaining: fraction, amountRemaining: positive, range: positive,
    }},
    battery: {unit: true, keys: {percentRemaining: fraction, range: positive}},
    charge: {keys: {
      isPluggedIn: (value) => assert.equal(typeof value, 'boolean'),
      state: (value) => assert.ok(['CHARGING', 'FULLY_CHARGED', 'NOT_CHARGING'].includes(value)),
    }},
    engineOil: {keys: {lifeRemaining: fraction}},
    tirePressure: {unit: true, keys: {
      frontLeft: positive, frontRight: positive, backLeft: positive, backRight: positive,
    }},
  };

  for (const [method, {unit, keys}] of Object.entries(READINGS)) {
    test(method, async() => {
      const answer = await vehicle[method]();
      hasKeys(answer, ...Object.keys(keys));
      for (const [key, check] of Object.entries(keys)) {
        check(answer[key]);
      }
      hasMeta(answer, {unitSystem: unit && 'metric'});
    });
  }

  test('imperial units', async() => {
    const imperial = new smartcar.Vehicle(vehicle.id, accessToken, {unitSystem: 'imperial'});
    hasMeta(await imperial.odometer(), {unitSystem: 'imperial'});
    hasMeta(await imperial.fuel(), {unitSystem: 'imperial'});
    hasMeta(await imperial.battery(), {unitSystem: 'imperial'});
    const tires = await imperial.tirePressure();
    hasMeta(tires, {unitSystem: 'imperial'});
    // 175 to 237 kPa are 25 to 35 psi.
    assert.ok(tires.frontLeft > 25 && tires.frontLeft < 35, String(tires.frontLeft));
  });

  test('batch reads several at once', async() => {
    const answer = await vehicle.batch(['/odometer', '/', '/tires/pressure', '/battery']);
    hasKeys(answer.odometer(), 'distance');
    hasKeys(answer.attributes(), 'id', 'make', 'model', 'year');
    hasKeys(answer.tirePressure(), 'frontLeft', 'frontRight', 'backLeft', 'backRight');
    const battery = answer.battery();
    hasKeys(battery, 'percentRemaining', 'range');
    hasMeta(battery, {unitSystem: 'metric'});
  });
});

describe(`smartcar ${MAJOR}: errors`, () => {
  let vehicle;
  let accessToken;

  before(async() => {
    ({vehicle, accessToken} = await connected(['required:read_vehicle_info'], {check: false}));
  });

  test('a bad token is AUTHENTICATION', async() => {
    const stranger = new smartcar.Vehicle(vehicle.id, 'abc');
    const expected = {statusCode: 401, type: 'AUTHENTICATION', resolution: null};
    await fails(stranger.odometer(), expected);
    await fails(smartcar.getUser('abc'), expected);
  });

  test('a missing permission is PERMISSION', async() => {
    const expected = {statusCode: 403, type: 'PERMISSION', resolution: 'REAUTHENTICATE'};
    await fails(vehicle.odometer(), expected);
  });

  test("somebody else's vehicle is PERMISSION", async() => {
    const stranger = new smartcar.Vehicle(randomUUID(), accessToken);
    const expected = {statusCode: 403, type: 'PERMISSION', resolution: 'REAUTHENTICATE'};
    await fails(stranger.attributes(), expected);
  });

  test('a bad id is VALIDATION', async() => {
    const bad = new smartcar.Vehicle('bad_id', accessToken);
    const expected = {statusCode: 400, type: 'VALIDATION', resolution: null};
    const error = await fails(bad.odometer(), expected);
    assert.ok(Array.isArray(error.detail), 'detail names the fields');
  });

  test('an unknown path is RESOURCE_NOT_FOUND', async() => {
    const expected = {
      statusCode: 404, type: 'RESOURCE_NOT_FOUND', code: 'PATH', resolution: null,
    };
    await fails(vehicle.request('get', 'no_such_thing'), expected);
  });

  test('the login VEHICLE_STATE.ASLEEP@smartcar.com', async() => {
    const asleep = await connected(CHEVROLET, {
      email: 'VEHICLE_STATE.ASLEEP@smartcar.com', check: false,
    });
    const expected = {statusCode: 409, type: 'VEHICLE_STATE', code: 'ASLEEP', resolution: null};
    await fails(asleep.vehicle.odometer(), expected);
    await fails(asleep.vehicle.location(), expected);
    // What does not change is still known.
    assert.match((await asleep.vehicle.vin()).vin, /^0SC/);
    assert.equal((await asleep.vehicle.attributes()).id, asleep.vehicle.id);
    assert.equal((await asleep.vehicle.permissions()).paging.count, 12);
  });

  test('fuel of a Tesla is COMPATIBILITY', async() => {
    const tesla = await connected(['read_fuel', 'read_battery'], {brand: 'TESLA', check: false});
    const expected = {
      statusCode: 501, type: 'COMPATIBILITY', code: 'VEHICLE_NOT_CAPABLE', resolution: null,
    };
    await fails(tesla.vehicle.fuel(), expected);
    hasKeys(await tesla.vehicle.battery(), 'percentRemaining', 'range');
  });
});
