'use strict';

// npm's openid-client, a strict client of OAuth 2: it reads the metadata, and checks state, issuer,
// PKCE, token type and the form of every answer.

const assert = require('node:assert/strict');
const {after, before, test} = require('node:test');
const oauth = require('openid-client');
const {startCarport} = require('../lib/carport');
const {openBrowser} = require('../lib/browser');
const {approve} = require('../lib/connect');
const {report} = require('../lib/methods');

const REDIRECT_URI = 'https://example.com/auth';
// What such a client does with an authorization server; the rest is for OpenID Connect.
const USES = new Set();

let carport;
let driver;
let config;

before(async() => {
  carport = await startCarport();
  driver = await openBrowser();
  const {clientId, clientSecret} = carport.application;
  config = await oauth.discovery(
    new URL(carport.url), clientId, clientSecret, undefined,
    {algorithm: 'oauth2', execute: [oauth.allowInsecureRequests]},
  );
  USES.add('discovery');
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

/** Through Connect with PKCE and a state; resolves to the callback's address and the checks. */
async function callback(settings = config) {
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const url = oauth.buildAuthorizationUrl(settings, {
    redirect_uri: REDIRECT_URI,
    scope: 'read_vehicle_info read_odometer',
    mode: 'test',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  USES.add('authorization with PKCE');
  const answer = await approve(driver, url.href, {check: false});
  const address = new URL(`${REDIRECT_URI}?${new URLSearchParams(answer)}`);
  return {address, checks: {pkceCodeVerifier: verifier, expectedState: state}};
}

test('the metadata is that of RFC 8414', () => {
  const server = config.serverMetadata();
  assert.equal(server.issuer, carport.url);
  assert.ok(server.supportsPKCE('S256'));
  assert.equal(server.authorization_response_iss_parameter_supported, true);
});

for (const [name, authentication] of [
  ['in the header', (secret) => oauth.ClientSecretBasic(secret)],
  ['in the body', (secret) => oauth.ClientSecretPost(secret)],
]) {
  test(`code, refresh, introspection and revocation, credentials ${name}`, async() => {
    const {clientId, clientSecret} = carport.application;
    const settings = new oauth.Configuration(
      config.serverMetadata(), clientId, clientSecret, authentication(clientSecret),
    );
    oauth.allowInsecureRequests(settings);
    const {address, checks} = await callback(settings);
    const tokens = await oauth.authorizationCodeGrant(settings, address, checks);
    USES.add('code');
    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.expires_in, 7200);

    const {active, client_id: client, sub} = await oauth.tokenIntrospection(settings, tokens.access_token);
    USES.add('introspection');
    assert.equal(active, true);
    assert.equal(client, clientId);
    assert.ok(sub);

    const vehicles = await oauth.fetchProtectedResource(
      settings, tokens.access_token, new URL(`${carport.url}/v2.0/vehicles`), 'GET',
    );
    USES.add('protected resource');
    assert.equal((await vehicles.json()).vehicles.length, 1);

    const next = await oauth.refreshTokenGrant(settings, tokens.refresh_token);
    USES.add('refresh');
    assert.notEqual(next.refresh_token, tokens.refresh_token);

    await oauth.tokenRevocation(settings, next.refresh_token);
    USES.add('revocation');
    assert.equal((await oauth.tokenIntrospection(settings, next.access_token)).active, false);
    await assert.rejects(oauth.refreshTokenGrant(settings, next.refresh_token), {error: 'invalid_request'});
  });
}

test('a wrong verifier, a wrong state and another issuer are refused', async() => {
  const one = await callback();
  const wrong = {...one.checks, pkceCodeVerifier: oauth.randomPKCECodeVerifier()};
  await assert.rejects(oauth.authorizationCodeGrant(config, one.address, wrong), {error: 'invalid_grant'});
  const state = {...one.checks, expectedState: 'other'};
  await assert.rejects(oauth.authorizationCodeGrant(config, one.address, state));
  const two = await callback();
  two.address.searchParams.set('iss', 'http://somebody.else');
  await assert.rejects(oauth.authorizationCodeGrant(config, two.address, two.checks));
});

test('denial is told as an error', async() => {
  const state = oauth.randomState();
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI, scope: 'read_vin', mode: 'test', state,
  });
  const answer = await approve(driver, url.href, {check: false, button: 'deny-button'});
  const address = new URL(`${REDIRECT_URI}?${new URLSearchParams(answer)}`);
  await assert.rejects(
    oauth.authorizationCodeGrant(config, address, {expectedState: state}), {error: 'access_denied'},
  );
});

test('a wrong secret is invalid_client', async() => {
  const settings = new oauth.Configuration(config.serverMetadata(), carport.application.clientId, 'wrong');
  oauth.allowInsecureRequests(settings);
  await assert.rejects(oauth.refreshTokenGrant(settings, 'any'), {error: 'invalid_client'});
});

test('what it uses of an authorization server works', () => {
  const {version} = require('openid-client/package.json');
  report(`npm openid-client ${version} (uses of OAuth)`, USES.size, 7);
  assert.equal(USES.size, 7);
});
