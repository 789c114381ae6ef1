'use strict';

// Signing in at a company's provider: a certified one from npm, in a real browser.

const assert = require('node:assert/strict');
const http = require('node:http');
const {after, before, test} = require('node:test');
const {By, openBrowser, setSize} = require('../lib/browser');
const {located} = require('../lib/connect');
const {looker} = require('./looks');
const {at, click, says, startServe, type} = require('./serve');

const RETURN = '/dashboard/sign-in/openid/return';
const look = looker('openid');
let carport;
let browser;
let provider;

/** People by the name that they type at the provider. */
const PEOPLE = {
  maya: {email: 'maya@example.org', email_verified: true, name: 'Maya'},
  eve: {email: 'eve@example.org', email_verified: true, name: 'Eve'},
  mallory: {email: 'maya@example.org', email_verified: false, name: 'Maya'},
};

async function startProvider(listening) {
  const {default: Provider} = await import('oidc-provider');
  const oidc = new Provider(listening.url, {
    clients: [{
      client_id: 'carport',
      client_secret: 'geheim',
      redirect_uris: [carport.url + RETURN],
    }],
    claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['name']},
    findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id, ...PEOPLE[id]})}),
    pkce: {required: () => true},
  });
  listening.server.on('request', oidc.callback());
}

/** Signs somebody in at the provider, whose own pages ask for any password and for consent. */
async function signIn(name) {
  await browser.manage().deleteAllCookies();
  await browser.get(`${carport.url}/dashboard/sign-in?next=/dashboard/team`);
  await (await located(browser, By.linkText('Sign in with Example'))).click();
  await at(browser, /\/interaction\//);
  await (await located(browser, By.name('login'))).sendKeys(name);
  await browser.findElement(By.name('password')).sendKeys('anything');
  await browser.findElement(By.css('button[type=submit]')).click();
  const consent = By.xpath("//form[.//input[@value='consent']]//button");
  await (await located(browser, consent)).click();
  await at(browser, /\/dashboard\//);
}

before(async() => {
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = {server, url: `http://localhost:${server.address().port}`};
  carport = await startServe({
    CARPORT_OIDC_ISSUER: provider.url,
    CARPORT_OIDC_CLIENT_ID: 'carport',
    CARPORT_OIDC_CLIENT_SECRET: 'geheim',
    CARPORT_OIDC_NAME: 'Example',
    CARPORT_OWNER_EMAIL: 'maya@example.org',
    CARPORT_OWNER_PASSWORD: 'apple trees in may',
  });
  await startProvider(provider);
  browser = await openBrowser();
  await setSize(browser, 1280, 900);
});

after(async() => {
  await browser?.end();
  await carport?.stop();
  provider?.server.closeAllConnections();
  provider?.server.close();
});

test('a member comes in whom the provider vouches for', async() => {
  await browser.get(`${carport.url}/dashboard/sign-in`);
  await look(browser, 'sign-in');
  await signIn('maya');
  await at(browser, /\/dashboard\/team$/);
  await says(browser, /Signed in as \S+, owner/);
  await browser.get(`${carport.url}/dashboard/audit`);
  await says(browser, /identity.bound/);
});

test('a stranger, and whoever only claims the address, stay out', async() => {
  await signIn('eve');
  await says(browser, /You are not a member of this team/);
  await look(browser, 'stranger');
  await signIn('mallory');
  await says(browser, /does not say that your e-mail address is yours/);
});

test('who does not want to go on comes back to a page that says so', async() => {
  await browser.manage().deleteAllCookies();
  await browser.get(`${carport.url}/dashboard/sign-in/openid`);
  await at(browser, /\/interaction\//);
  await browser.findElement(By.partialLinkText('Cancel')).click();
  await at(browser, /openid\/return/);
  await says(browser, /Example did not let you in/);
});

test('a provider that is gone is told, and the password still works', async() => {
  provider.server.closeAllConnections();
  await new Promise((resolve) => provider.server.close(resolve));
  await browser.get(`${carport.url}${RETURN}?code=a&state=b`);
  await says(browser, /begun in another browser or tab/);
  await browser.get(`${carport.url}/dashboard/sign-in`);
  await type(browser, 'email', 'maya@example.org');
  await type(browser, 'password', 'apple trees in may');
  await click(browser, 'go-button');
  await at(browser, /\/dashboard$/);
});
