'use strict';

// Every public function of the SDK once with success and once with the failure that is documented
// for it. Key sets are exact (REST contract, 7.2). Consent is given without a browser here: the
// pages are the matter of sdk.test.js.

const assert = require('node:assert/strict');
const {randomUUID} = require('node:crypto');
const {after, before, describe, test} = require('node:test');
const {setNodeEnvironment, startCarport} = require('../lib/carport');
const {report, watch} = require('../lib/methods');

const MAJOR = Number(process.env.SDK_MAJOR);
const smartcar = require(`smartcar-${MAJOR}`);
const {version} = require(`smartcar-${MAJOR}/package.json`);

const watched = watch({
  '': smartcar, 'AuthClient.': smartcar.AuthClient.prototype, 'Vehicle.': smartcar.Vehicle.prototype,
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const EVERYTHING = [
  'read_vehicle_info', 'read_vin', 'read_odometer', 'read_location', 'read_fuel', 'read_battery',
  'read_charge', 'read_engine_oil', 'read_tires', 'read_security', 'read_service_history',
  'read_diagnostics', 'control_charge', 'control_security', 'control_navigation',
];
// Nothing answers a failure here: they compute, or keep a setting.
const CANNOT_FAIL = [
  'setApiVersion', 'getApiVersion', 'hashChallenge', 'verifyPayload', 'AuthClient.getAuthUrl',
];

let carport;
let client;
let volt;
let bare;

before(async() => {
  carport = await startCarport();
  setNodeEnvironment(carport);
  // Consent on the command line uses the application's default address.
  const [redirectUri] = carport.application.redirectUris;
  client = new smartcar.AuthClient({mode: 'test', redirectUri});
  volt = await connect(EVERYTHING);
  bare = await connect(['read_user_profile']);
});

after(async() => {
  await carport?.stop();
});

/** Consent on the command line, then the SDK's own exchange. */
async function connect(scope, {brand = 'CHEVROLET', email = `${randomUUID()}@email.com`} = {}) {
  const url = carport.cli(
    'connect', '--app', carport.application.id, '--brand', brand, '--user', email,
    '--scope', scope.join(' '),
  );
  const access = await client.exchangeCode(new URL(url.trim()).searchParams.get('code'));
  const {vehicles} = await smartcar.getVehicles(access.accessToken);
  return {access, vehicle: new smartcar.Vehicle(vehicles[0], access.accessToken)};
}

const hasKeys = (answer, ...keys) =>
  assert.deepEqual(Object.keys(answer).sort(), [...keys, 'meta'].sort());

async function fails(promise, type, statusCode, code) {
  const error = await promise.then(() => assert.fail(`expected ${type}`), (reason) => reason);
  assert.equal(error.type, type, error.stack);
  assert.equal(error.statusCode, statusCode);
  assert.equal(error.code, code);
  assert.match(error.requestId, UUID);
}

const positive = (value) => assert.ok(typeof value === 'number' && value > 0, String(value));
const fraction = (value) => assert.ok(value > 0 && value <= 1, String(value));
const text = (value) => assert.equal(typeof value, 'string');
const flag = (value) => assert.equal(typeof value, 'boolean');
const parts = (types) => (list) => {
  assert.deepEqual(list.map((part) => part.type), types);
  for (const part of list) {
    assert.deepEqual(Object.keys(part).sort(), ['status', 'type']);
    assert.ok(['OPEN', 'CLOSED', 'UNKNOWN'].includes(part.status), part.status);
  }
};
const FOUR = ['frontLeft', 'frontRight', 'backLeft', 'backRight'];
const filled = (keys) => (list) => {
  assert.ok(list.length > 0);
  for (const item of list) {
    assert.deepEqual(Object.keys(item).sort(), keys);
  }
};

// What each read answers, key by key.
const READS = {
  vin: {vin: (value) => assert.match(value, /^0SC[A-Z0-9]{14}$/)},
  attributes: {
    id: (value) => assert.match(value, UUID),
    make: (value) => assert.equal(value, 'CHEVROLET'),
    model: (value) => assert.equal(value, 'Volt'),
    year: (value) => assert.ok(Number.isInteger(value)),
  },
  odometer: {distance: positive},
  location: {latitude: positive, longitude: (value) => positive(-value)},
  fuel: {percentRemaining: fraction, amountRemaining: positive, range: positive},
  battery: {percentRemaining: fraction, range: positive},
  batteryCapacity: {capacity: positive},
  nominalCapacity: {
    availableCapacities: filled(['capacity', 'description']),
    capacity: (value) => assert.deepEqual(value, {nominal: 18.4, source: 'SMARTCAR'}),
    url: (value) => assert.equal(value, null),
  },
  charge: {isPluggedIn: flag, state: text},
  getChargeLimit: {limit: fraction},
  engineOil: {lifeRemaining: fraction},
  tirePressure: Object.fromEntries(FOUR.map((corner) => [corner, positive])),
  lockStatus: {
    isLocked: flag, doors: parts(FOUR), windows: parts(FOUR), sunroof: parts(['sunroof']),
    storage: parts(['rear', 'front']), chargingPort: parts(['chargingPort']),
  },
  diagnosticSystemStatus: {systems: filled(['description', 'status', 'systemId'])},
  diagnosticTroubleCodes: {activeCodes: filled(['code', 'timestamp'])},
};

describe(`smartcar ${version}: reads`, () => {
  for (const [method, keys] of Object.entries(READS)) {
    test(method, async() => {
      const answer = await volt.vehicle[method]();
      hasKeys(answer, ...Object.keys(keys));
      for (const [key, check] of Object.entries(keys)) {
        check(answer[key]);
      }
      await fails(bare.vehicle[method](), 'PERMISSION', 403);
    });
  }

  test('serviceHistory, with every spelling of a range', async() => {
    const keys = [
      'odometerDistance', 'serviceCost', 'serviceDate', 'serviceDetails', 'serviceId', 'serviceTasks',
    ];
    for (const range of [[], ['2020-01-01', '2040-01-01'], [undefined, undefined]]) {
      const answer = await volt.vehicle.serviceHistory(...range);
      filled(keys)([...(answer.data ?? answer)]);
    }
    const none = await volt.vehicle.serviceHistory('1990-01-01', '1990-02-01');
    assert.equal((none.data ?? none).length, 0);
    await fails(bare.vehicle.serviceHistory(), 'PERMISSION', 403);
  });

  test('permissions', async() => {
    const answer = await volt.vehicle.permissions();
    assert.deepEqual(answer.permissions, EVERYTHING);
    const stranger = new smartcar.Vehicle(volt.vehicle.id, 'abc');
    await fails(stranger.permissions(), 'AUTHENTICATION', 401);
  });

  test('getUser and getVehicles', async() => {
    hasKeys(await smartcar.getUser(volt.access.accessToken), 'id');
    hasKeys(await smartcar.getVehicles(volt.access.accessToken), 'vehicles', 'paging');
    await fails(smartcar.getUser('abc'), 'AUTHENTICATION', 401);
    await fails(smartcar.getVehicles('abc'), 'AUTHENTICATION', 401);
  });

  test('batch', async() => {
    const answer = await volt.vehicle.batch([
      '/odometer', '/', '/tires/pressure', '/charge/limit', '/service/history',
    ]);
    hasKeys(answer.odometer(), 'distance');
    hasKeys(answer.attributes(), 'id', 'make', 'model', 'year');
    hasKeys(answer.tirePressure(), ...FOUR);
    const partly = await (await connect(['read_odometer'])).vehicle.batch(['/odometer', '/location']);
    hasKeys(partly.odometer(), 'distance');
    assert.throws(() => partly.location(), (error) => error.type === 'PERMISSION' && error.code === undefined);
    await fails(volt.vehicle.batch(['/LOCATIONNNNNNNN']), 'VALIDATION', 400);
  });

  test('request', async() => {
    const answer = await volt.vehicle.request('get', 'odometer');
    positive(answer.body?.distance ?? answer.distance);
    await fails(bare.vehicle.request('get', 'odometer'), 'PERMISSION', 403);
  });
});

describe(`smartcar ${version}: commands`, () => {
  const COMMANDS = {
    lock: [], unlock: [], startCharge: [], stopCharge: [], setChargeLimit: [0.7],
    sendDestination: [39.7, -104.9],
  };
  for (const [method, args] of Object.entries(COMMANDS)) {
    test(method, async() => {
      const answer = await volt.vehicle[method](...args);
      hasKeys(answer, 'status', 'message');
      assert.equal(answer.status, 'success');
      assert.equal(answer.message, 'Successfully sent request to vehicle');
      await fails(bare.vehicle[method](...args), 'PERMISSION', 403);
    });
  }

  test('what was commanded is read back', async() => {
    await volt.vehicle.unlock();
    assert.equal((await volt.vehicle.lockStatus()).isLocked, false);
    await volt.vehicle.lock();
    assert.equal((await volt.vehicle.lockStatus()).isLocked, true);
    await volt.vehicle.setChargeLimit(0.7);
    assert.equal((await volt.vehicle.getChargeLimit()).limit, 0.7);
    await volt.vehicle.startCharge();
    assert.equal((await volt.vehicle.charge()).state, 'CHARGING');
  });
});

describe(`smartcar ${version}: applications`, () => {
  test('AuthClient', async() => {
    assert.ok(client.getAuthUrl(['read_vin']).startsWith(`${carport.url}/oauth/authorize?`));
    const next = await client.exchangeRefreshToken(bare.access.refreshToken);
    assert.match(next.accessToken, /^.{36}$/);
    const refused = (promise) => assert.rejects(promise, (error) => error.type === 'invalid_request');
    await refused(client.exchangeCode('wrong'));
    await refused(client.exchangeRefreshToken('wrong'));
  });

  test('getApiVersion and setApiVersion', async() => {
    assert.equal(smartcar.getApiVersion(), '2.0');
    smartcar.setApiVersion('1.0');
    const old = await smartcar.getCompatibility('5YJXCDE22HF068739', ['read_odometer'], 'US');
    smartcar.setApiVersion('2.0');
    hasKeys(old, 'compatible');
  });

  test('getCompatibility', async() => {
    const answer = await smartcar.getCompatibility(
      '5YJSA1E29LF403082', ['read_odometer', 'read_fuel'], 'US',
    );
    hasKeys(answer, 'compatible', 'reason', 'capabilities');
    assert.equal(answer.compatible, true);
    assert.equal(answer.reason, null);
    assert.deepEqual(answer.capabilities, [
      {permission: 'read_odometer', endpoint: '/odometer', capable: true, reason: null},
      {permission: 'read_fuel', endpoint: '/fuel', capable: false, reason: 'SMARTCAR_NOT_CAPABLE'},
    ]);
    const wrong = {clientId: process.env.SMARTCAR_CLIENT_ID, clientSecret: 'wrong'};
    await fails(
      smartcar.getCompatibility('5YJSA1E29LF403082', ['read_odometer'], 'US', wrong),
      'AUTHENTICATION', 401,
    );
    await fails(smartcar.getCompatibility('short', ['read_odometer'], 'US'), 'VALIDATION', 400);
  });

  test('getCompatibilityMatrix', {skip: MAJOR < 10}, async() => {
    const answer = await smartcar.getCompatibilityMatrix('US', {
      make: ['NISSAN'], type: 'BEV', scope: ['read_battery', 'read_charge'],
    });
    const {NISSAN} = answer;
    filled(['endYear', 'endpoints', 'model', 'permissions', 'startYear', 'type'])(NISSAN);
    for (const model of NISSAN) {
      assert.equal(model.type, 'BEV');
      assert.ok(model.permissions.includes('read_battery') && model.permissions.includes('read_charge'));
    }
    await fails(smartcar.getCompatibilityMatrix('MARS'), 'VALIDATION', 400);
  });

  test('hashChallenge and verifyPayload', () => {
    const hash = '9baf5a7464bd86740ad5a06e439dcf535a075022ed2c92d74efacf646d79328e';
    assert.equal(smartcar.hashChallenge('amt', 'challenge'), hash);
    const signature = smartcar.hashChallenge('amt', JSON.stringify({some: 'data'}));
    assert.equal(smartcar.verifyPayload('amt', signature, {some: 'data'}), true);
  });

  test('subscribe and unsubscribe', async() => {
    const {managementToken, webhookId} = carport.application;
    const made = await volt.vehicle.subscribe(webhookId);
    hasKeys(made, 'webhookId', 'vehicleId');
    assert.equal(made.vehicleId, volt.vehicle.id);
    assert.equal(made.webhookId, webhookId);
    const gone = await volt.vehicle.unsubscribe(managementToken, webhookId);
    hasKeys(gone, 'status');
    await fails(volt.vehicle.subscribe('no-uuid'), 'VALIDATION', 400);
    await fails(volt.vehicle.unsubscribe('wrong', webhookId), 'AUTHENTICATION', 401);
  });

  test('getConnections and deleteConnections', async() => {
    const {managementToken: token} = carport.application;
    const other = await connect(['read_vin'], {brand: 'BMW'});
    const {connections} = await smartcar.getConnections(token, {vehicleId: other.vehicle.id});
    assert.equal(connections.length, 1);
    assert.equal(connections[0].vehicleId, other.vehicle.id);
    assert.ok(connections[0].connectedAt);
    const {id} = await smartcar.getUser(other.access.accessToken);
    assert.equal(connections[0].userId, id);
    const deleted = await smartcar.deleteConnections(token, {vehicleId: other.vehicle.id});
    assert.equal(deleted.connections.length, 1);
    const again = await smartcar.deleteConnections(token, {userId: id});
    assert.equal(again.connections.length, 0);
    await assert.rejects(other.vehicle.vin());
    await assert.rejects(smartcar.getConnections('wrong'));
    await assert.rejects(smartcar.deleteConnections('wrong', {userId: id}));
  });

  test('v3 of the documented test vehicle', {skip: MAJOR < 10}, async() => {
    const [id, token] = ['tst2e255-d3c8-4f90-9fec-e6e68b98e9cb', 'test-data-token'];
    const {body} = await smartcar.getVehicle(token, id);
    assert.equal(body.id, id);
    assert.deepEqual(body.attributes, {make: 'TESLA', model: 'Model Y', year: 2021});
    const car = new smartcar.Vehicle(id, token);
    const signals = await car.getSignals();
    assert.equal(signals.body.data.length, 2);
    const odometer = await car.getSignal('odometer-traveleddistance');
    positive(odometer.body.attributes.body.value);
    await fails(smartcar.getVehicle('abc', id), 'AUTHENTICATION', 401);
    await fails(new smartcar.Vehicle(id, 'abc').getSignals(), 'AUTHENTICATION', 401);
    await fails(car.getSignal('no-such-signal'), 'RESOURCE_NOT_FOUND', 404, 'PATH');
  });

  test('disconnect', async() => {
    const kia = await connect(['read_charge', 'control_charge'], {brand: 'KIA'});
    hasKeys(await kia.vehicle.disconnect(), 'status');
    await assert.rejects(kia.vehicle.charge());
    await fails(new smartcar.Vehicle(volt.vehicle.id, 'abc').disconnect(), 'AUTHENTICATION', 401);
  });
});

test('every public function was called, and failed where it can', () => {
  report(`npm smartcar ${version}`, watched.called(), watched.all());
  assert.deepEqual(watched.without('success'), []);
  assert.deepEqual(watched.without('failure').filter((name) => !CANNOT_FAIL.includes(name)), []);
});
