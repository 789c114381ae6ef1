'use strict';

// A simulated car under a clock that the test moves, seen by the official SDK alone.

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {setNodeEnvironment, startCarport} = require('../lib/carport');
const {openBrowser} = require('../lib/browser');
const {approve} = require('../lib/connect');

const MAJOR = Number(process.env.SDK_MAJOR);
const smartcar = require(`smartcar-${MAJOR}`);

const REDIRECT_URI = 'https://example.com/auth';
const SCOPE = [
  'required:read_vehicle_info', 'required:read_odometer', 'required:read_location',
  'required:read_battery', 'required:read_charge', 'required:control_charge',
  'required:control_security', 'required:read_vin',
];

let carport;
let driver;
let client;
let car;
let tokens;

/** Moves the clock, and signs in anew as an application must after so long. */
async function advance(by) {
  await carport.control('POST', '/clock/advance', {by});
  tokens = await client.exchangeRefreshToken(tokens.refreshToken);
}

/** The car with the newest access token. */
async function vehicle() {
  const {vehicles} = await smartcar.getVehicles(tokens.accessToken);
  assert.equal(vehicles.length, 1);
  return new smartcar.Vehicle(vehicles[0], tokens.accessToken);
}

/** What is watched. */
async function look() {
  const it = await vehicle();
  const batch = await it.batch(['/odometer', '/location', '/battery', '/charge']);
  return {
    odometer: batch.odometer().distance,
    location: batch.location(),
    battery: batch.battery().percentRemaining,
    charge: batch.charge(),
  };
}

before(async() => {
  carport = await startCarport();
  setNodeEnvironment(carport);
  client = new smartcar.AuthClient({mode: 'simulated', redirectUri: REDIRECT_URI});
  driver = await openBrowser();
  car = await carport.control('POST', '/simulations', {
    make: 'KIA', model: 'EV6', country: 'US', scenario: 'day-commute', play: true,
  });
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

describe(`smartcar ${MAJOR}: a simulated car`, () => {
  test('is connected with its own credentials', async() => {
    const url = client.getAuthUrl(SCOPE, {forcePrompt: true, flags: {country: 'US'}});
    const {code} = await approve(driver, url, {
      brand: 'KIA', email: car.username, password: car.password,
    });
    tokens = await client.exchangeCode(code);
    const it = await vehicle();
    assert.equal(it.id, car.vehicleId);
    assert.equal((await it.vin()).vin, car.vin);
    assert.equal((await it.attributes()).model, 'EV6');
  });

  test('stands, drives, stands elsewhere, comes home and charges', async() => {
    const home = await look();
    assert.equal(home.charge.isPluggedIn, true);
    await advance('7h50m');
    const driving = await look();
    assert.ok(driving.odometer > home.odometer, 'it has driven');
    assert.ok(driving.battery < home.battery, 'on its battery');
    assert.equal(driving.charge.isPluggedIn, false);
    assert.notDeepEqual(
      [driving.location.latitude, driving.location.longitude],
      [home.location.latitude, home.location.longitude],
    );
    await advance('5m');
    const further = await look();
    assert.ok(further.odometer > driving.odometer, 'it drives on');
    const it = await vehicle();
    await assert.rejects(it.lock(), (error) => error.code === 'IN_MOTION');

    await advance('2h');
    const work = await look();
    await advance('1h');
    assert.equal((await look()).odometer, work.odometer, 'it stands at work');

    await carport.control('POST', `/simulations/${car.id}/jump`, {stage: 'Charge at home'});
    const begun = await look();
    assert.equal(begun.charge.state, 'CHARGING');
    assert.equal(begun.charge.isPluggedIn, true);
    await advance('30m');
    const later = await look();
    assert.ok(later.battery > begun.battery, 'it charges');
    assert.equal(later.odometer, begun.odometer);
  });

  test('does what it is told', async() => {
    let it = await vehicle();
    await it.stopCharge();
    const stopped = await look();
    assert.equal(stopped.charge.state, 'NOT_CHARGING');
    await advance('20m');
    assert.equal((await look()).battery, stopped.battery, 'nothing is charged');
    it = await vehicle();
    await it.startCharge();
    await advance('10m');
    const again = await look();
    assert.equal(again.charge.state, 'CHARGING');
    assert.ok(again.battery > stopped.battery);
  });
});
