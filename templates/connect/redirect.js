(function () {
  'use strict';
  var HOSTED = 'https://javascript-sdk.smartcar.com';
  var asked = new URLSearchParams(window.location.search);
  // A page that knows where its application lives says so in data-target.
  var script = document.currentScript;
  var target = (script && script.dataset.target) || asked.get('app_origin') || window.location.origin;
  if (!window.opener) {
    var note = document.getElementById('no-opener');
    if (note) { note.hidden = false; }
    throw new Error('No window is waiting for the answer: open Connect with openDialog.');
  }
  var message = {
    name: 'SmartcarAuthMessage',
    isSmartcarHosted: window.location.origin === HOSTED,
    code: asked.get('code'),
    error: asked.get('error'),
    errorDescription: asked.get('error_description'),
    state: asked.get('state'),
    vin: asked.get('vin'),
    make: asked.get('make'),
    model: asked.get('model'),
    year: asked.get('year'),
    virtualKeyUrl: asked.get('virtual_key_url'),
    userId: asked.get('user_id')
  };
  if (asked.has('external_id')) { message.externalId = asked.get('external_id'); }
  window.opener.postMessage(message, target);
  window.close();
})();