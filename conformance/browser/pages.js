'use strict';

// How to reach every page of Connect, and the public pages beside it.

const {By} = require('../lib/browser');
const {REDIRECT_URI, located, newLogin} = require('../lib/connect');
const {LIVELY, failingCar, unknownBattery} = require('./cars');
const trying = require('./trying');
const owners = require('./owners');

const SCOPE = [
  'required:read_vehicle_info', 'required:read_vin', 'read_odometer', 'read_location', 'read_fuel',
  'read_battery', 'read_charge', 'control_charge', 'read_tires',
].join(' ');

/** A Connect address as an SDK builds it. */
function connectUrl(carport, extra = {}) {
  const query = {
    response_type: 'code',
    client_id: carport.application.clientId,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    approval_prompt: 'force',
    mode: 'test',
    ...extra,
  };
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${carport.url}/oauth/authorize?${new URLSearchParams(given)}`;
}

const click = async(driver, locator) => (await located(driver, locator)).click();

/** The steps up to the named page; each ends when its page is there. */
async function toStart(driver, carport, extra) {
  await driver.get(connectUrl(carport, extra));
  await located(driver, By.id('continue-button'));
}

async function toBrand(driver, carport, extra) {
  await toStart(driver, carport, extra);
  await click(driver, By.id('continue-button'));
  await located(driver, By.id('brand-search'));
}

async function toLogin(driver, carport, extra) {
  await toBrand(driver, carport, extra);
  await click(driver, By.id('VOLVO'));
  await located(driver, By.id('sign-in-button'));
}

async function signIn(driver, email) {
  await driver.findElement(By.id('username')).sendKeys(email);
  await driver.findElement(By.id('password')).sendKeys('password');
  await click(driver, By.id('sign-in-button'));
}

/** Signs in and waits for what marks the page after it. */
const afterLogin = (email, mark, extra) => async(driver, carport) => {
  await toLogin(driver, carport, extra);
  await signIn(driver, email ?? newLogin());
  await located(driver, mark);
};

const search = (text) => async(driver, carport) => {
  await toBrand(driver, carport);
  const box = await driver.findElement(By.id('brand-search'));
  await box.sendKeys(text);
  await box.submit();
  await located(driver, By.linkText('Show all brands'));
};

const register = (carport, uri) =>
  carport.cli('app', 'redirect-uri', 'add', carport.application.clientId, uri);

/** To the sign-in page of a car that is connected, and in with this e-mail. */
const again = (email, mark) => async(driver, carport) => {
  await driver.get((await failingCar(carport)).link);
  await click(driver, By.id('continue-button'));
  await located(driver, By.id('sign-in-button'));
  if (email) {
    await signIn(driver, email);
    await located(driver, mark);
  }
};

async function toCapacity(driver, carport) {
  await driver.get((await unknownBattery(carport, newLogin())).link);
  await located(driver, By.id('capacity-button'));
}

const at = (path) => (driver, carport) => driver.get(carport.url + path);

/** A page of the application of the `dev` server. */
const ofApplication = (page) => (driver, carport) =>
  driver.get(`${carport.url}/dashboard/applications/${carport.application.clientId}${page}`);

/** A form of its application, sent with `typed`. */
const sent = (page, field, typed, button) => async(driver, carport) => {
  await ofApplication(page)(driver, carport);
  const input = await located(driver, By.id(field));
  await input.clear();
  await input.sendKeys(typed);
  await click(driver, By.id(button));
  await located(driver, By.id(`${field}-error`));
};

/** At the list of a new owner whose car is read, and on from there. */
const ofOwner = (on) => async(driver, carport) => {
  const car = await owners.ownedCar(carport);
  await car.read('odometer');
  await owners.signIn(driver, carport, car);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await driver.navigate().refresh();
  await on(driver);
};

/** A page of the first car of the park. */
const ofFirstCar = (page) => (driver, carport) =>
  driver.get(`${carport.url}/dashboard/simulator/cars/${carport.simulations[0].id}/${page}`);

// `step` names the page of Connect whose rules hold (contract A.8); other pages have none. `script`
// marks those with the one script that is theirs.
const PAGES = {
  start: {step: 'start', reach: toStart},
  brand: {step: 'brand', reach: toBrand},
  'brand-search': {reach: search('vw')},
  'brand-not-found': {reach: search('Zaporo')},
  'brand-not-listed': {
    async reach(driver, carport) {
      await toBrand(driver, carport);
      await click(driver, By.id('brand-not-listed'));
      await located(driver, By.id('another-vehicle'));
    },
  },
  login: {step: 'login', reach: toLogin},
  'login-error': {reach: afterLogin('smartcar@invalid-credentials.com', By.id('login-error'))},
  mfa: {step: 'mfa', reach: afterLogin('smartcar@mfa.com', By.id('otp'))},
  'mfa-error': {
    async reach(driver, carport) {
      await PAGES.mfa.reach(driver, carport);
      await driver.findElement(By.id('otp')).sendKeys('123456');
      await click(driver, By.id('otp-submit'));
      await located(driver, By.id('otp-error'));
    },
  },
  grant: {step: 'grant', reach: afterLogin(undefined, By.id('approval-button'))},
  'grant-several': {
    step: 'grant', reach: afterLogin('3-vehicles@smartcar.com', By.id('approval-button')),
  },
  'grant-single-select': {
    step: 'grant',
    reach: afterLogin('3-vehicles@smartcar.com', By.id('approval-button'), {single_select: 'true'}),
  },
  'grant-error': {
    async reach(driver, carport) {
      await PAGES['grant-several'].reach(driver, carport);
      for (const box of await driver.findElements(By.name('vehicle'))) {
        await box.click();
      }
      await click(driver, By.id('approval-button'));
      await located(driver, By.id('grant-error'));
    },
  },
  'no-vehicles': {reach: afterLogin('0-vehicles@smartcar.com', By.id('another-account'))},
  incompatible: {
    reach: afterLogin('smartcar@vehicle-incompatible.com', By.id('another-vehicle')),
  },
  subscription: {
    reach: afterLogin('smartcar@invalid-subscription.com', By.id('another-account')),
  },
  'again-start': {
    step: 'start',
    async reach(driver, carport) {
      await driver.get((await failingCar(carport)).link);
      await located(driver, By.id('continue-button'));
    },
  },
  'again-login': {step: 'login', reach: again()},
  'again-other-account': {reach: again(newLogin(), By.id('another-account'))},
  'again-grant': {step: 'grant', reach: again(LIVELY, By.id('approval-button'))},
  capacity: {step: 'capacity', reach: toCapacity},
  'capacity-error': {
    async reach(driver, carport) {
      await toCapacity(driver, carport);
      await click(driver, By.id('capacity-button'));
      await located(driver, By.id('capacity-error'));
    },
  },
  error: {reach: (driver, carport) => driver.get(connectUrl(carport, {client_id: 'unknown'}))},
  'error-with-exit': {
    async reach(driver, carport) {
      await driver.get(connectUrl(carport, {scope: 'no_such_permission'}));
      await located(driver, By.id('exit-button'));
    },
  },
  done: {
    async reach(driver, carport) {
      const extra = {response_type: 'none', redirect_uri: undefined};
      await afterLogin(undefined, By.id('approval-button'), extra)(driver, carport);
      await click(driver, By.id('approval-button'));
      await located(driver, By.xpath('//p[contains(., "You can close this window")]'));
    },
  },
  'done-denied': {
    async reach(driver, carport) {
      const extra = {response_type: 'none', redirect_uri: undefined};
      await afterLogin(undefined, By.id('deny-button'), extra)(driver, carport);
      await click(driver, By.id('deny-button'));
      await located(driver, By.xpath('//h1[.="Nothing was shared"]'));
    },
  },
  try: {other: true, reach: at('/dashboard/try')},
  'try-simulated': {other: true, reach: at('/dashboard/try?mode=simulated')},
  'try-code': {other: true, reach: trying.toCode},
  'try-denied': {other: true, reach: (driver, carport) => trying.toCode(driver, carport, {button: 'deny-button'})},
  'try-stray': {other: true, reach: at('/dashboard/try/callback?code=made-up&state=made-up')},
  'try-tokens': {other: true, reach: trying.toTokens},
  'try-vehicles': {other: true, reach: trying.toVehicles},
  'try-calls': {other: true, reach: trying.toCalls},
  'try-answer': {other: true, reach: trying.toAnswer},
  'me-sign-in': {reach: at('/me')},
  'me-brand-not-found': {reach: at('/me/sign-in?q=Zaporo')},
  'me-login': {reach: at('/me/sign-in/test/VOLVO')},
  'me-login-error': {
    async reach(driver, carport) {
      await driver.get(`${carport.url}/me/sign-in/test/VOLVO`);
      await signIn(driver, 'smartcar@invalid-credentials.com');
      await located(driver, By.id('login-error'));
    },
  },
  'me-one-time-code': {
    async reach(driver, carport) {
      await driver.get(`${carport.url}/me/sign-in/test/VOLVO`);
      await signIn(driver, 'smartcar@mfa.com');
      await located(driver, By.id('otp'));
    },
  },
  'me-code': {
    async reach(driver, carport) {
      await driver.get(`${carport.url}/me`);
      await driver.findElement(By.id('email')).sendKeys(newLogin());
      await click(driver, By.id('send-code'));
      await located(driver, By.id('code'));
    },
  },
  'me-nothing': {
    async reach(driver, carport) {
      await owners.signIn(driver, carport, {brand: 'VOLVO', user: newLogin()});
      await located(driver, By.id('nothing'));
    },
  },
  me: {reach: ofOwner(() => {})},
  'me-car': {
    reach: ofOwner(async(driver) => {
      await click(driver, By.css('section a'));
      await located(driver, By.id('precision'));
    }),
  },
  'me-location': {
    reach: ofOwner(async(driver) => {
      await click(driver, By.css('section a'));
      await click(driver, By.id('precision-1km'));
      await click(driver, By.id('precision'));
      await located(driver, By.id('confirm'));
    }),
  },
  'me-stop': {
    reach: ofOwner(async(driver) => {
      await click(driver, By.id('stop-1'));
      await located(driver, By.id('confirm'));
    }),
  },
  'me-erase-error': {
    reach: ofOwner(async(driver) => {
      await click(driver, By.id('erase'));
      await driver.findElement(By.id('word')).sendKeys('yes');
      await click(driver, By.id('confirm'));
      await located(driver, By.id('erase-error'));
    }),
  },
  // Opened on its own, so that it stays and says that nobody waits.
  redirect: {
    script: true,
    async reach(driver, carport) {
      const page = `${carport.url}/v2/redirect?app_origin=http://localhost:3000`;
      register(carport, page);
      await driver.get(`${page}&code=made-up`);
      await located(driver, By.id('opener-error'));
    },
  },
  'redirect-refused': {reach: at('/v2/redirect?app_origin=http://localhost:4000&code=made-up')},
  dashboard: {other: true, reach: at('/dashboard')},
  simulator: {other: true, reach: at('/dashboard/simulator')},
  'simulator-nothing-found': {other: true, reach: at('/dashboard/simulator?q=nothing')},
  'simulator-new': {other: true, reach: at('/dashboard/simulator/new')},
  'simulator-credentials': {other: true, reach: ofFirstCar('credentials')},
  'simulator-delete': {other: true, reach: ofFirstCar('delete')},
  applications: {other: true, reach: at('/dashboard/applications')},
  'applications-nothing-found': {other: true, reach: at('/dashboard/applications?q=nothing')},
  'application-new': {other: true, reach: at('/dashboard/applications/new')},
  application: {other: true, reach: ofApplication('')},
  'application-error': {other: true, reach: sent('', 'privacy_url', 'nowhere', 'save-button')},
  'application-credentials': {other: true, reach: ofApplication('/credentials')},
  'application-secret': {
    other: true,
    async reach(driver, carport) {
      await ofApplication('/credentials')(driver, carport);
      await click(driver, By.id('rotate-button'));
      await located(driver, By.id('new-secret'));
    },
  },
  'application-token': {other: true, reach: ofApplication('/credentials/token')},
  'application-redirects': {other: true, reach: ofApplication('/redirects')},
  'application-redirects-error': {
    other: true, reach: sent('/redirects', 'uri', 'http://rideledger.example.net/cars', 'add-button'),
  },
  'application-disable': {other: true, reach: ofApplication('/state')},
  'application-delete': {other: true, reach: ofApplication('/delete')},
  'application-delete-error': {other: true, reach: sent('/delete', 'name', 'something', 'delete-button')},
  docs: {other: true, reach: at('/docs')},
  'docs-errors': {other: true, reach: at('/docs/errors')},
  'docs-vehicle-state': {other: true, reach: at('/docs/errors/vehicle-state')},
  // The last one: it opens another program, and what the browser then asks takes every later click.
  return: {
    async reach(driver, carport) {
      const back = `sc${carport.application.clientId}://exchange`;
      register(carport, back);
      await toStart(driver, carport, {redirect_uri: back});
      await click(driver, By.id('exit-button'));
      await located(driver, By.id('return-link'));
    },
  },
};

module.exports = {PAGES, click, connectUrl, toStart};
