'use strict';

// Every recipe of docs/guide/original-hosts.md that can be followed here. Each process is led to the
// original hosts by its own environment or flags; the machine is as it was before and after.

const assert = require('node:assert/strict');
const {execFile} = require('node:child_process');
const fs = require('node:fs');
const {after, before, describe, test} = require('node:test');
const {promisify} = require('node:util');
const {startCarport} = require('../lib/carport');
const {openBrowser} = require('../lib/browser');
const {decide, redirected} = require('../lib/connect');

const run = promisify(execFile);
const HOSTS_FILE = '/etc/hosts';
const REDIRECT_URI = 'https://example.com/auth';
// The names of the variables by which clients find certificates and proxies: none of this machine's count.
const FOREIGN = /^(.*_proxy|ssl_cert_(file|dir)|curl_ca_bundle|requests_ca_bundle|node_extra_ca_certs)$/i;

/** This machine's environment without its proxies and certificates, and with `more`. */
function environment(more) {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return {...Object.fromEntries(own), ...more};
}

/** The variables that `carport env go` prints. */
function printed(carport) {
  const variables = JSON.parse(carport.cli('env', 'go', '--json'));
  assert.ok(variables.HTTPS_PROXY && variables.SSL_CERT_FILE && variables.NO_PROXY);
  return variables;
}

const machine = () => fs.readFileSync(HOSTS_FILE, 'utf8');

describe('by the proxy', () => {
  const untouched = machine();
  let carport;
  let env;

  before(async() => {
    carport = await startCarport({more: ['--original-hosts=127.0.0.1:0', '--hosts-proxy-port', '0']});
    env = environment(printed(carport));
  });

  after(async() => {
    await carport?.stop();
    assert.equal(machine(), untouched, `${HOSTS_FILE} is as it was`);
  });

  /** Resolves to status and body. */
  async function curl(...args) {
    const {stdout} = await run('curl', ['-sS', '-w', '\n%{http_code}', ...args], {env});
    const end = stdout.lastIndexOf('\n');
    return {status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end)};
  }

  test('an owner consents in a browser that goes to connect.smartcar.com', async() => {
    const {address, caPin} = carport.originalHosts;
    const driver = await openBrowser({flags: [
      `--host-resolver-rules=MAP *.smartcar.com ${address}, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${caPin}`,
    ]});
    let answer;
    try {
      const query = new URLSearchParams({
        response_type: 'code', client_id: carport.application.clientId, redirect_uri: REDIRECT_URI,
        approval_prompt: 'auto', scope: 'read_vin read_odometer', mode: 'test', state: 'a b',
      });
      await driver.get(`https://connect.smartcar.com/oauth/authorize?${query}`);
      assert.match(await driver.getCurrentUrl(), /^https:\/\/connect\.smartcar\.com\/connect\//);
      // Without its check of every page: that one asks for the login page by itself, and is not led here.
      await decide(driver, {check: false});
      answer = await redirected(driver);
    } finally {
      await driver.end();
    }
    assert.equal(answer.state, 'a b');
    assert.equal(answer.iss, carport.url, 'the issuer is the public address');

    const {clientId, clientSecret} = carport.application;
    const tokens = await curl(
      'https://auth.smartcar.com/oauth/token/', '-u', `${clientId}:${clientSecret}`,
      '-d', 'grant_type=authorization_code', '-d', `code=${answer.code}`, '-d', `redirect_uri=${REDIRECT_URI}`,
    );
    assert.equal(tokens.status, 200, tokens.body);
    const bearer = `authorization: Bearer ${JSON.parse(tokens.body).access_token}`;
    const {body} = await curl('https://api.smartcar.com/v2.0/vehicles', '-H', bearer);
    const [id] = JSON.parse(body).vehicles;
    const odometer = await curl(`https://api.smartcar.com/v2.0/vehicles/${id}/odometer`, '-H', bearer);
    assert.ok(JSON.parse(odometer.body).distance > 0, odometer.body);
    const fuel = await curl(`https://api.smartcar.com/v2.0/vehicles/${id}/fuel`, '-H', bearer);
    assert.equal(fuel.status, 403);
    assert.equal(JSON.parse(fuel.body).docURL, `${carport.url}/docs/errors/permission`);
  });

  test('every name is believed, and nothing else is', async() => {
    assert.equal(carport.originalHosts.names.length, 9);
    for (const name of carport.originalHosts.names) {
      assert.equal((await curl(`https://${name}/healthz`)).status, 200, name);
    }
    const strange = run('curl', ['-sS', 'https://example.org/'], {env});
    await assert.rejects(strange, /403/);
    const {HTTPS_PROXY} = env;
    const untold = run('curl', ['-sS', 'https://api.smartcar.com/healthz'], {env: environment({HTTPS_PROXY})});
    await assert.rejects(untold, /certificate/, 'who was not told of the authority does not believe it');
  });

  test("Python's standard library", async() => {
    const program = [
      'import urllib.request, urllib.error',
      'print(urllib.request.urlopen("https://api.smartcar.com/healthz").status)',
      'try: urllib.request.urlopen("https://example.org/")',
      'except urllib.error.URLError as error: print(error)',
    ].join('\n');
    const {stdout} = await run('python3', ['-c', program], {env});
    const [status, refusal] = stdout.split('\n');
    assert.equal(status, '200');
    assert.match(refusal, /leads to Smartcar's API hosts only, not to example\.org:443/);
  });
});

describe('by a hosts file', () => {
  // Any address of the loopback network has a port 443 of its own.
  const octet = () => 1 + Math.floor(Math.random() * 250);
  const address = `127.${octet()}.${octet()}.${octet()}:443`;

  test('a program that heeds no proxy', async(t) => {
    let carport;
    try {
      carport = await startCarport({more: [`--original-hosts=${address}`, '--hosts-proxy-port', '0']});
      await run('unshare', ['--map-root-user', '--mount', 'true']);
    } catch (error) {
      await carport?.stop();
      if (process.env.CI !== 'true') {
        return t.skip(`not here: ${String(error.stderr || error).trim().split('\n').pop()}`);
      }
      throw error;
    }
    const untouched = machine();
    try {
      const {hostsFile, caFile} = carport.originalHosts;
      const {stdout} = await run('unshare', [
        '--map-root-user', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hostsFile,
        'curl', '-sS', '--cacert', caFile, '--noproxy', '*', 'https://management.api.smartcar.com/healthz',
        '-w', '%{http_code} %{remote_ip}',
      ], {env: environment({})});
      assert.ok(stdout.endsWith(`200 ${address.replace(':443', '')}`), stdout);
      assert.equal(machine(), untouched);
    } finally {
      await carport.stop();
    }
  });
});
