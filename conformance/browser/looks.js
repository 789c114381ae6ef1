'use strict';

// What every page is held against: axe-core, its width, in light and dark, on a desk and a telephone.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const {setScheme, setSize} = require('../lib/browser');

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.CARPORT_SCREENSHOTS;
const VIEWS = [[1280, 900, 'light'], [1280, 900, 'dark'], [320, 640, 'light'], [320, 640, 'dark']];

/** What axe-core calls serious or critical on the page; a page in a frame is looked at by itself. */
const problems = async(driver) => {
  await driver.executeScript(`${AXE}; return null`);
  const violations = await driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    axe.run(document, {preload: false, iframes: false, resultTypes: ['violations']})
      .then((result) => done(result.violations), (error) => done([{id: String(error), impact: 'critical', nodes: []}]));
  `);
  return violations
    .filter(({impact}) => ['serious', 'critical'].includes(impact))
    .map(({id, help, nodes}) => `${id}: ${help}: ${nodes.map(({target, failureSummary}) => `${target} ${failureSummary}`)}`);
};

/** Keeps a picture of the whole page, as long as it is, where pictures are wanted. */
const shoot = async(driver, name) => {
  if (SHOTS) {
    const {data} = await driver.sendAndGetDevToolsCommand('Page.captureScreenshot', {captureBeyondViewport: true});
    fs.mkdirSync(SHOTS, {recursive: true});
    fs.writeFileSync(path.join(SHOTS, `${name}.png`), data, 'base64');
  }
};

/** Holds a page of a suite against axe-core and against sideways scrolling, in each view. */
const looker = (suite) => async(driver, name) => {
  for (const [width, height, scheme] of VIEWS) {
    await setSize(driver, width, height);
    await setScheme(driver, scheme);
    assert.deepEqual(await problems(driver), [], `${name} ${width} ${scheme}`);
    const wide = await driver.executeScript('return document.documentElement.scrollWidth');
    assert.ok(wide <= width, `${name} is ${wide} wide at ${width}`);
    await shoot(driver, `${suite}-${name}-${width}-${scheme}`);
  }
  await setSize(driver, 1280, 900);
  await setScheme(driver, 'light');
};

module.exports = {VIEWS, looker, problems, shoot};
