'use strict';

// Starts a `carport dev` of its own for a test file.

const {spawn, execFileSync} = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const BIN = process.env.CARPORT_BIN;

/**
 * Resolves to the ready line of a new server, with `data`, `cli` and `stop`. `env` adds
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
  const line = await Promise.race([
    new Promise((resolve) => readline.createInterface({input: server.stdout}).once('line', resolve)),
    exited.then(() => Promise.reject(new Error(`carport dev ended before it was ready:\n${log}`))),
  ]);
  return {
    ...JSON.parse(line),
    data,
    log: () => log,
    /** Runs another `carport` command on the same data folder. */
    cli: (...rest) => execFileSync(BIN, [...rest, '--data', data], {encoding: 'utf8'}),
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
