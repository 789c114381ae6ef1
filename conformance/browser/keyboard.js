'use strict';

// A browser that is driven by its keyboard.

const assert = require('node:assert/strict');
const {Key} = require('../lib/browser');

const press = (driver, ...keys) => driver.actions().sendKeys(...keys).perform();

/** Runs in the page: where the focus is and whether one can see it. */
function focused() {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  // A check box may leave the ring to its label.
  const ringed = [element, element.closest('label')].filter(Boolean).some((one) => {
    const {outlineStyle, outlineWidth} = getComputedStyle(one);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  return {
    name: element.id || element.textContent.trim() || element.tagName,
    body: element === document.body,
    visible: box.width > 0 && box.height > 0 && top !== null
      && (top === element || element.contains(top) || top.contains(element)),
    ringed,
    jumps: element.tabIndex > 0,
  };
}

/** Tabs until the element has the focus, looking at every stop on the way. */
async function tabTo(driver, selector) {
  for (let stop = 0; stop < 80; stop += 1) {
    await press(driver, Key.TAB);
    const here = await driver.executeScript(focused);
    if (!here.body) {
      assert.ok(here.visible, `${here.name} can be seen when it has the focus`);
      assert.ok(here.ringed, `${here.name} has a focus ring`);
      assert.ok(!here.jumps, `${here.name} is in the order of reading`);
    }
    const there = await driver.executeScript(
      'return document.activeElement.matches(arguments[0])', selector,
    );
    if (there) {
      return;
    }
  }
  assert.fail(`${selector} cannot be reached by Tab`);
}

module.exports = {press, tabTo};
