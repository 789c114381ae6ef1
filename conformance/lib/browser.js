'use strict';

// A real headless Chromium, with nothing reachable but this machine.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {Browser, Builder, By, Key, logging, until} = require('selenium-webdriver');
const chrome = require('selenium-webdriver/chrome');

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where names lead: those of `hosts` to their addresses, this machine's to itself, others nowhere. */
const resolving = (hosts) => [
  ...Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`),
  'MAP * ~NOTFOUND', 'EXCLUDE localhost', 'EXCLUDE 127.0.0.1',
].join(', ');

/**
 * Opens a browser; `end` quits it and removes its profile. `hosts` leads names elsewhere, and
 * `trusted` is the digest of a public key that may speak for them.
 */
async function openBrowser({
  javascript = true, network = false, hosts = {}, trusted, flags = [],
} = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'carport-chromium-'));
  const options = new chrome.Options();
  options.setChromeBinaryPath(process.env.CHROMIUM || '/usr/bin/chromium');
  options.addArguments(...FLAGS, `--user-data-dir=${profile}`, '--window-size=1280,900');
  // Of two equal flags the last one counts.
  options.addArguments(`--host-resolver-rules=${resolving(hosts)}`, ...flags);
  if (trusted) {
    options.addArguments(`--ignore-certificate-errors-spki-list=${trusted}`);
  }
  if (!javascript) {
    options.setUserPreferences({'profile.managed_default_content_settings.javascript': 2});
  }
  if (network) {
    const logs = new logging.Preferences();
    logs.setLevel(logging.Type.PERFORMANCE, logging.Level.ALL);
    options.setLoggingPrefs(logs);
  }
  const service = new chrome.ServiceBuilder(process.env.CHROMEDRIVER || '/usr/bin/chromedriver');
  const driver = await new Builder()
    .forBrowser(Browser.CHROME)
    .setChromeOptions(options)
    .setChromeService(service)
    .build();
  const quit = driver.quit.bind(driver);
  driver.end = async() => {
    await quit();
    fs.rmSync(profile, {recursive: true, force: true, maxRetries: 5});
  };
  return driver;
}

/** Sets the size of the page itself; a headless window cannot be as narrow as a phone. */
async function setSize(driver, width, height) {
  await driver.sendDevToolsCommand('Emulation.setScrollbarsHidden', {hidden: true});
  await driver.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', {
    width, height, deviceScaleFactor: 1, mobile: false,
  });
}

/** `light` or `dark`, at once: without the motion that a change would show. */
const setScheme = (driver, scheme) =>
  driver.sendDevToolsCommand('Emulation.setEmulatedMedia', {
    features: [
      {name: 'prefers-color-scheme', value: scheme},
      {name: 'prefers-reduced-motion', value: 'reduce'},
    ],
  });

/** What DevTools reported since the last call, as `{method, params}`. */
async function events(driver) {
  const entries = await driver.manage().logs().get(logging.Type.PERFORMANCE);
  return entries.map((entry) => JSON.parse(entry.message).message);
}

module.exports = {By, Key, events, openBrowser, setScheme, setSize, until};
