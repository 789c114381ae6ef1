'use strict';

const assert = require('node:assert/strict');
const {after, before, describe, test} = require('node:test');
const {startCarport} = require('../lib/carport');
const {By, openBrowser} = require('../lib/browser');
const {decide, enter, located, showsVehicle} = require('../lib/connect');

let carport;
let redirectUri;

before(async() => {
  carport = await startCarport({tutorial: true});
  redirectUri = new URL('/exchange', carport.tutorialUrl).href;
});

after(() => carport?.stop());

for (const javascript of [true, false]) {
  describe(`JavaScript ${javascript ? 'on' : 'off'}`, () => {
    let driver;

    before(async() => {
      driver = await openBrowser({javascript});
    });
    after(() => driver?.end());

    test('the browser is as described', async() => {
      await driver.get('data:text/html,<title>off</title><script>document.title = "on"</script>');
      assert.equal(await driver.getTitle(), javascript ? 'on' : 'off');
    });

    for (const [make, model] of [['CHEVROLET', /^Volt$/], ['KIA', /./]]) {
      test(`from login to the table, ${make}`, async() => {
        await enter(driver, carport.tutorialUrl);
        await decide(driver, {brand: make, redirectUri});
        await showsVehicle(driver, {make, model});
      });
    }

    test('no is an answer, said in plain words', async() => {
      await enter(driver, carport.tutorialUrl);
      await decide(driver, {redirectUri, button: 'deny-button'});
      await located(driver, By.xpath('//h1[.="Your vehicle was not connected"]'));
      const text = await driver.findElement(By.css('main')).getText();
      assert.match(text, /You chose not to share it, and nothing was read\./);
      assert.doesNotMatch(text, /access_denied|error/i);
      await driver.findElement(By.linkText('Start again')).click();
      await located(driver, By.linkText('Connect'));
    });

    test('leaving before the end is told too', async() => {
      await enter(driver, carport.tutorialUrl);
      await (await located(driver, By.id('exit-button'))).click();
      await located(driver, By.xpath('//h1[.="Your vehicle was not connected"]'));
    });

    test('an answer this browser did not ask for is refused', async() => {
      await driver.get(`${redirectUri}?code=stolen&state=other`);
      await located(driver, By.xpath('//h1[.="This answer cannot be used"]'));
    });

    test('the vehicle page without a vehicle leads to the start', async() => {
      await driver.manage().deleteAllCookies();
      await driver.get(new URL('/vehicle', carport.tutorialUrl).href);
      await located(driver, By.css('a[href="/login"]'));
    });
  });
}
