'use strict';

// A server that answers under the host names of the real service, and what a browser needs to
// reach it: the browser SDK has those names built in.

const {execFileSync} = require('node:child_process');
const {X509Certificate, createHash} = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {startCarport} = require('./carport');

const CONNECT = 'https://connect.smartcar.com';
const SCRIPTS = 'https://javascript-sdk.smartcar.com';

/** A certificate for these names that nobody vouches for, with its key, as files in `folder`. */
function certificate(folder, names) {
  const files = {cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem')};
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '2',
    '-subj', '/CN=Carport conformance', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`)}`,
    '-keyout', files.key, '-out', files.cert,
  ], {stdio: ['ignore', 'ignore', 'pipe']});
  return files;
}

/**
 * Resolves to a server as `startCarport` does, with the `browser` options that lead to it and the
 * certificate `ca` that other clients trust.
 */
async function startCarportByName() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-names-'));
  try {
    const names = [CONNECT, SCRIPTS].map((origin) => new URL(origin).host);
    const {cert, key} = certificate(folder, [...names, 'localhost']);
    const carport = await startCarport({env: {CARPORT_TLS_CERT: cert, CARPORT_TLS_KEY: key}});
    const address = `127.0.0.1:${new URL(carport.url).port}`;
    const ca = fs.readFileSync(cert);
    const {publicKey} = new X509Certificate(ca);
    const der = publicKey.export({type: 'spki', format: 'der'});
    return {
      ...carport,
      ca,
      browser: {
        hosts: Object.fromEntries(names.map((name) => [name, address])),
        trusted: createHash('sha256').update(der).digest('base64'),
      },
    };
  } finally {
    // The server has read it.
    fs.rmSync(folder, {recursive: true, force: true});
  }
}

module.exports = {CONNECT, SCRIPTS, startCarportByName};
