'use strict';

const assert = require('node:assert/strict');
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');
const {answers, freePort, setNodeEnvironment, startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {REDIRECT_URI, approve, decide, enter, located, showsVehicle} = require('../lib/connect');

const ROOT = path.join(__dirname, '../..');

let carport;
let driver;

before(async() => {
  carport = await startCarport();
  driver = await openBrowser();
});

after(async() => {
  await driver?.end();
  await carport?.stop();
});

/** The one program in JavaScript that a document shows. */
function programOf(document) {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)];
  assert.equal(blocks.length, 1, `${document} has one program in JavaScript`);
  return blocks[0][1];
}

/** A project folder with the named SDK as its `smartcar`. */
function makeProject(sdk) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-express-'));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  for (const [name, from] of [
    ['smartcar', sdk], ['express', 'express'], ['express-handlebars', 'express-handlebars'],
  ]) {
    fs.symlinkSync(
      path.join(__dirname, 'node_modules', from),
      path.join(folder, 'node_modules', name),
    );
  }
  return folder;
}

/** Runs a program as its own process; `stop` ends it. */
async function serve(folder, file) {
  const port = await freePort(8000);
  const redirectUri = `http://localhost:${port}/exchange`;
  const {application} = carport;
  if (!application.redirectUris.includes(redirectUri)) {
    carport.cli('app', 'redirect-uri', 'add', application.clientId, redirectUri);
  }
  const server = spawn(process.execPath, [file], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      SMARTCAR_CLIENT_ID: application.clientId,
      SMARTCAR_CLIENT_SECRET: application.clientSecret,
      SMARTCAR_REDIRECT_URI: redirectUri,
      SMARTCAR_API_ORIGIN: carport.url,
      SMARTCAR_AUTH_ORIGIN: carport.url,
    },
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const login = `http://localhost:${port}/login`;
  const stop = async() => {
    server.kill();
    await ended;
    fs.rmSync(folder, {recursive: true});
  };
  try {
    await answers(login);
  } catch (error) {
    await stop();
    throw error;
  }
  return {redirectUri, login, stop};
}

for (const sdk of ['smartcar-9', 'smartcar-10']) {
  describe(`the application of Smartcar's guide with ${sdk}`, () => {
    let app;

    before(async() => {
      const folder = makeProject(sdk);
      fs.cpSync(path.join(__dirname, 'app'), folder, {recursive: true});
      app = await serve(folder, 'index.js');
    });
    after(() => app?.stop());

    for (const [make, model] of [['CHEVROLET', /^Volt$/], ['TESLA', /./]]) {
      test(`from login to the table, ${make}`, async() => {
        await enter(driver, app.login);
        await decide(driver, {brand: make, redirectUri: app.redirectUri});
        await showsVehicle(driver, {make, model});
      });
    }
  });

  describe(`the application of Carport's guide with ${sdk}`, () => {
    let app;

    before(async() => {
      const folder = makeProject(sdk);
      fs.writeFileSync(path.join(folder, 'app.js'), programOf('docs/guide/getting-started.md'));
      app = await serve(folder, 'app.js');
    });
    after(() => app?.stop());

    test('from login to the table', async() => {
      await enter(driver, app.login);
      await decide(driver, {redirectUri: app.redirectUri});
      await showsVehicle(driver);
    });

    test('an owner who says no is told so', async() => {
      await enter(driver, app.login);
      await decide(driver, {redirectUri: app.redirectUri, button: 'deny-button'});
      await located(driver, By.xpath('//h1[.="Your vehicle was not connected"]'));
      const reason = await driver.findElement(By.css('p')).getText();
      assert.match(reason, /\w+ \w+/, 'a sentence');
      await driver.findElement(By.linkText('Start again')).click();
      await located(driver, By.linkText('Connect'));
    });

    test('an answer to somebody else is refused', async() => {
      await driver.get(`${app.redirectUri}?code=stolen&state=other`);
      await located(driver, By.xpath('//h1[.="This answer cannot be used"]'));
    });
  });
}

test('the lines in the README read a car', async() => {
  setNodeEnvironment(carport);
  process.env.SMARTCAR_REDIRECT_URI = REDIRECT_URI;
  const smartcar = require('smartcar-9');
  // The lines say to open the address and to come back with a code.
  const url = new smartcar.AuthClient({mode: 'test'}).getAuthUrl(['required:read_vehicle_info']);
  const {code} = await approve(driver, url, {brand: 'KIA'});
  const shown = [];
  const Lines = Object.getPrototypeOf(async() => {}).constructor;
  const lines = new Lines('require', 'code', 'console', programOf('README.md'));
  await lines(() => smartcar, code, {log: (value) => shown.push(value)});
  assert.equal(shown[0].make, 'KIA');
});
