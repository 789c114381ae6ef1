'use strict';

// Starts a `carport dev` of its own for a test file.

const assert = require('node:assert/strict');
const {spawn, execFileSync} = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const BIN = process.env.CARPORT_BIN;

/**
 * Resolves to the ready line of a new server, with `data`, `cli`, `token`, `control` and `stop`. `env` adds
 * settings and `more` flags.
 */
async function startCarport({tutorial = false, env = {}, more = []} = {}) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-conformance-'));
  const extra = tutorial ? ['--tutorial-port', '0'] : ['--no-tutorial'];
  const args = ['dev', '--json', '--listen', '127.0.0.1:0', '--data', data, ...extra, ...more];
  const server = spawn(BIN, args, {
    env: {...process.env, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-20000);
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const cli = (...rest) => execFileSync(BIN, [...rest, '--data', data], {encoding: 'utf8'});
  const line = await Promise.race([
    new Promise((resolve) => readline.createInterface({input: server.stdout}).once('line', resolve)),
    exited.then(() => Promise.reject(new Error(`carport dev ended before it was ready:\n${log}`))),
  ]);
  const ready = JSON.parse(line);
  return {
    ...ready,
    data,
    log: () => log,
    /** Runs another `carport` command on the same data folder. */
    cli,
    /** Consents without pages as `carport connect` with these flags does; resolves to an access token. */
    async token(...flags) {
      const back = cli('connect', ...flags);
      const answer = await fetch(`${ready.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: new URL(back.trim()).searchParams.get('code'),
          client_id: ready.application.clientId,
          client_secret: ready.application.clientSecret,
        }),
      });
      return (await answer.json()).access_token;
    },
    /** Calls the simulator's control API; resolves to what it answers. */
    async control(method, route, body) {
      const response = await fetch(`${ready.url}/simulator/v1${route}`, {
        method,
        headers: body ? {'content-type': 'application/json'} : {},
        body: body && JSON.stringify(body),
      });
      assert.ok(response.ok, `${method} ${route}: ${response.status} ${await response.clone().text()}`);
      return response.status === 204 ? undefined : response.json();
    },
    async stop() {
      server.kill('SIGTERM');
      await exited;
      fs.rmSync(data, {recursive: true, force: true});
    },
  };
}

/** Sets what the Node SDK reads; the application is the one of the server unless named. */
function setNodeEnvironment(carport, application = carport.application) {
  Object.assign(process.env, {
    SMARTCAR_CLIENT_ID: application.clientId,
    SMARTCAR_CLIENT_SECRET: application.clientSecret,
    SMARTCAR_API_ORIGIN: carport.url,
    SMARTCAR_AUTH_ORIGIN: carport.url,
    SMARTCAR_API_V3_ORIGIN: carport.url,
    SMARTCAR_MANAGEMENT_API_ORIGIN: carport.url,
  });
}

/** The wanted port when nobody has it, otherwise any free one. */
function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => (wanted ? resolve(freePort()) : reject(error)));
    // On every address, so that a server on any one of them is noticed.
    probe.listen(wanted, () => {
      const {port} = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Resolves when something answers at the address. */
async function answers(url, {seconds = 30} = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await fetch(url, {redirect: 'manual'});
    } catch (error) {
      if (Date.now() > end) {
        throw new Error(`nothing answers at ${url}: ${error.cause || error}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

module.exports = {startCarport, setNodeEnvironment, freePort, answers};
