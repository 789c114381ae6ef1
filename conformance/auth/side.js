'use strict';

// The two ways to use the browser SDK with Carport, held to the same tests: npm's, unchanged, whose
// host names are mapped; and Carport's own script, which needs nothing mapped.

const http = require('node:http');
const https = require('node:https');
const {after, before, describe} = require('node:test');
const {startCarport} = require('../lib/carport');
const {CONNECT, SCRIPTS, startCarportByName} = require('../lib/names');
const {By, openBrowser} = require('../lib/browser');
const {startSite} = require('./site');

const WAIT = 10_000;
const SCOPE = ['required:read_vehicle_info', 'read_vin', 'read_odometer'];

const SIDES = {
  'npm @smartcar/auth': {
    client: `npm @smartcar/auth ${require('@smartcar/auth/package.json').version}`,
    start: startCarportByName,
    origins: () => ({connect: CONNECT, scripts: SCRIPTS, sdk: '/npm.js'}),
  },
  'Carport /sdk.js': {
    client: 'Carport /sdk.js',
    start: startCarport,
    origins: ({url}) => ({connect: url, scripts: url, sdk: `${url}/sdk.js`}),
  },
};

/** A server, a browser and an application's page, and how to use them. */
class Side {
  async open({client, start, origins}) {
    this.client = client;
    this.carport = await start();
    this.site = await startSite();
    this.driver = await openBrowser(this.carport.browser);
    Object.assign(this, origins(this.carport));
    this.redirectUri = `${this.scripts}/v2/redirect?app_origin=${this.site.origin}`;
    this.used = new Set();
    this.register(this.redirectUri);
  }

  async close() {
    await this.driver?.end();
    this.site?.close();
    await this.carport?.stop();
  }

  get applicationId() {
    return this.carport.application.clientId;
  }

  register(uri) {
    this.carport.cli('app', 'redirect-uri', 'add', this.applicationId, uri);
  }

  /** Constructor options that work; `more` changes them, and null leaves the redirect URI out. */
  options(more = {}) {
    const {redirectUri = this.redirectUri, ...rest} = more;
    return {
      applicationId: this.applicationId,
      scope: SCOPE,
      mode: 'test',
      ...redirectUri && {redirectUri},
      ...rest,
    };
  }

  /** Loads the application's page and makes an instance there. */
  async visit(options, {origin = this.site.origin, who = 'first'} = {}) {
    await this.driver.get(`${origin}/?sdk=${encodeURIComponent(this.sdk)}`);
    this.opener = await this.driver.getWindowHandle();
    await this.run('make(arguments[0], arguments[1])', options, who);
  }

  run(script, ...values) {
    return this.driver.executeScript(script, ...values);
  }

  /** Clicks on something that opens Connect, and goes into the window. */
  async opens(dialog = {}, locator = By.id('open')) {
    await this.run('window.dialog = arguments[0]', dialog);
    await this.driver.findElement(locator).click();
    await this.intoWindow();
  }

  async intoWindow() {
    const {driver} = this;
    let other;
    await driver.wait(async() => {
      other = (await driver.getAllWindowHandles()).find((handle) => handle !== this.opener);
      return other;
    }, WAIT, 'a window opens');
    await driver.switchTo().window(other);
  }

  /** Waits for the window to close itself; resolves to what `onComplete` was told. */
  async completed() {
    const {driver} = this;
    await driver.wait(
      async() => (await driver.getAllWindowHandles()).length === 1, WAIT, 'the window closes itself',
    );
    await driver.switchTo().window(this.opener);
    await driver.wait(() => this.run('return completed.length'), WAIT, 'onComplete is called');
    await this.collect();
    return this.run('return completed');
  }

  /** Closes a window that stays; resolves to what the application's page was posted until then. */
  async posted() {
    await this.driver.close();
    await this.driver.switchTo().window(this.opener);
    await this.collect();
    const [completed, messages] = await this.run('return [completed, messages]');
    if (completed.length) {
      throw new Error(`onComplete was called: ${JSON.stringify(completed)}`);
    }
    return messages;
  }

  async collect() {
    for (const name of await this.run('return used')) {
      this.used.add(name);
    }
  }

  /** Trades a code for tokens as the application's server does, and reads which cars there are. */
  async vehicles(code, redirectUri = this.redirectUri) {
    const {clientId, clientSecret} = this.carport.application;
    const token = await this.ask('/oauth/token', {}, new URLSearchParams({
      grant_type: 'authorization_code', code, redirect_uri: redirectUri,
      client_id: clientId, client_secret: clientSecret,
    }));
    const {vehicles} = await this.ask('/v2.0/vehicles', {authorization: `Bearer ${token.access_token}`});
    return vehicles;
  }

  /** A request to the server by its own name; resolves to the JSON of a good answer. */
  ask(path, headers, form) {
    const {url, ca} = this.carport;
    const {request} = url.startsWith('https:') ? https : http;
    return new Promise((resolve, reject) => {
      const type = form && {'content-type': 'application/x-www-form-urlencoded'};
      const method = form ? 'POST' : 'GET';
      const sent = request(url + path, {ca, method, headers: {...headers, ...type}}, async(answer) => {
        const body = (await answer.toArray()).join('');
        return answer.statusCode === 200 ? resolve(JSON.parse(body)) : reject(new Error(body));
      });
      sent.once('error', reject).end(form?.toString());
    });
  }
}

/** Runs the same tests on both sides. */
function onBothSides(tests) {
  for (const [name, how] of Object.entries(SIDES)) {
    describe(name, () => {
      const side = new Side();
      before(() => side.open(how));
      after(() => side.close());
      tests(side);
    });
  }
}

module.exports = {SCOPE, WAIT, onBothSides};
