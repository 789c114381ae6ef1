'use strict';

// A car that an owner has connected, and the addresses about it that the API hands out.

const {REDIRECT_URI} = require('../lib/connect');

const FAILING = 'CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED@smartcar.com';
// The only test login that holds the car of the failing one and lets it answer.
const LIVELY = '0SCLR00021D803C7B@compatible.smartcar.com';

/** Connects a Nissan without pages; resolves to a function that reads its endpoints. */
async function connectedCar(carport, user, scope) {
  const {clientId} = carport.application;
  const token = await carport.token('--app', clientId, '--brand', 'NISSAN', '--user', user, '--scope', scope);
  const get = async(path) => {
    const answer = await fetch(carport.url + path, {headers: {authorization: `Bearer ${token}`}});
    return answer.json();
  };
  const {vehicles: [id]} = await get('/v2.0/vehicles');
  return {id, read: (endpoint) => get(`/v2.0/vehicles/${id}/${endpoint}`)};
}

/** A link that an application has completed. */
function completed(url, extra) {
  const link = new URL(url);
  link.searchParams.set('redirect_uri', REDIRECT_URI);
  for (const [name, value] of Object.entries(extra ?? {})) {
    link.searchParams.set(name, value);
  }
  return link.href;
}

/** A car whose owner has to sign in again, with the link for it. */
async function failingCar(carport, extra) {
  const car = await connectedCar(carport, FAILING, 'read_odometer read_fuel');
  const {resolution} = await car.read('odometer');
  return {...car, link: completed(resolution.url, extra)};
}

/** A car whose battery nobody knows, with the link for it. */
async function unknownBattery(carport, user, extra) {
  const car = await connectedCar(carport, user, 'read_battery');
  const {url} = await car.read('battery/nominal_capacity');
  return {...car, link: completed(url, extra)};
}

module.exports = {FAILING, LIVELY, failingCar, unknownBattery};
