/*
 * Carport's browser SDK: opens Connect in a window of its own and calls back with the answer.
 * Takes the options and has the methods of npm's @smartcar/auth 2.14. Connect is where this
 * file was loaded from.
 */
(function (root, make) {
  'use strict';
  // Only readable now: it is gone when a loader calls `make` later.
  var script = typeof document === 'undefined' ? null : document.currentScript;
  var origin = '{{public_url}}';
  if (script && script.src) {
    var from = new URL(script.src);
    // A bundle carries this file under another name; it keeps the address above.
    if (/^(\/\d+\.\d+\.\d+[^/]*)?\/sdk\.js$/.test(from.pathname)) { origin = from.origin; }
  }
  if (typeof define === 'function' && define.amd) {
    define([], function () { return make(origin); });
  } else if (typeof module === 'object' && module.exports) {
    module.exports = make(origin);
  } else {
    root.Smartcar = make(origin);
  }
})(typeof self === 'undefined' ? this : self, function (CONNECT) {
  'use strict';

  var HOSTED = 'https://javascript-sdk.smartcar.com';
  var MODES = ['live', 'simulated', 'test'];
  var RESPONSE_TYPES = ['code', 'none'];
  var MESSAGE = 'SmartcarAuthMessage';
  var warned = {};

  /** Tells once a page that an option has a newer name. */
  function outdated(option, instead) {
    if (!warned[option]) {
      warned[option] = true;
      console.warn('Smartcar: "' + option + '" is an old name, use "' + instead + '".');
    }
  }

  function isOneOf(value, values, option) {
    if (values.indexOf(value) < 0) {
      throw new Error('Smartcar: "' + option + '" is one of ' + values.join(', ') + ', not ' + value + '.');
    }
    return value;
  }

  function originOf(url) {
    try { return new URL(url).origin; } catch (_) { return null; }
  }

  /** Whether an address is a redirect page that can tell nobody but `onComplete`. */
  function isRedirectPage(uri) {
    return uri.indexOf(HOSTED) === 0 || uri.indexOf(CONNECT + '/v2/redirect?') === 0;
  }

  /** Thirty-two hex digits that no other page can guess: they tell our message from any other. */
  function newInstanceId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }

  /** Base64 of JSON. Beyond Latin-1 letters are escaped, since base64 in browsers knows no others. */
  function encodeState(state) {
    var json = JSON.stringify(state).replace(/[^\x00-\xff]/g, function (letter) {
      return '\\u' + ('000' + letter.charCodeAt(0).toString(16)).slice(-4);
    });
    return btoa(json);
  }

  /** The object behind a `state`, or null when it is not of ours. */
  function decodeState(text) {
    try { return JSON.parse(atob(text)); } catch (_) { return null; }
  }

  /** `name=value&…` of the pairs that have a value. */
  function query(pairs) {
    var given = pairs.filter(function (pair) { return pair[1] !== undefined && pair[1] !== null; });
    return given.map(function (pair) { return pair[0] + '=' + encodeURIComponent(pair[1]); }).join('&');
  }

  /** The pairs that `singleSelect` stands for. */
  function selection(single) {
    if (single === undefined || single === null) { return []; }
    if (typeof single !== 'object') { return [['single_select', single === true]]; }
    var hasVin = 'vin' in single;
    return [['single_select_vin', single.vin], ['single_select', hasVin]];
  }

  /** The third argument of `window.open`: 30 % by 75 % of the screen, unless asked otherwise. */
  function windowFeatures(asked) {
    var wish = function (name, least, usual) {
      var number = parseFloat(asked[name]);
      return Math.round(isNaN(number) ? usual : Math.max(number, least));
    };
    var width = wish('width', 100, screen.width * 0.3);
    var height = wish('height', 100, screen.height * 0.75);
    var top = wish('top', -Infinity, window.screenY + (window.outerHeight - height) / 8);
    var left = wish('left', -Infinity, window.screenX + (window.outerWidth - width) / 2);
    return 'top=' + top + ',left=' + left + ',width=' + width + ',height=' + height;
  }

  class Smartcar {
    constructor(options) {
      options = options || {};
      var id = options.applicationId || options.clientId;
      if (!id) { throw new TypeError('Smartcar: an "applicationId" is needed.'); }
      if (!options.applicationId) { outdated('clientId', 'applicationId'); }
      var redirectUri = options.redirectUri;
      var onComplete = options.onComplete;
      if (redirectUri && isRedirectPage(redirectUri) && !(onComplete && onComplete.length >= 2)) {
        throw new Error('Smartcar: the redirect page tells "onComplete" and nobody else. Give it a '
          + 'function that takes an error and a code.');
      }
      var mode = options.mode === undefined ? 'live' : options.mode;
      if (options.testMode !== undefined) {
        outdated('testMode', 'mode');
        mode = options.testMode === true ? 'test' : 'live';
      }
      this.applicationId = id;
      this.clientId = id;
      this.redirectUri = redirectUri;
      this.scope = options.scope;
      this.onComplete = onComplete;
      this.mode = isOneOf(mode, MODES, 'mode');
      this.responseType = isOneOf(options.responseType || 'code', RESPONSE_TYPES, 'responseType');
      this.externalId = options.externalId;
      this.instanceId = newInstanceId();
      this.messageHandler = this._receive.bind(this);
      this._clicks = [];
      window.addEventListener('message', this.messageHandler);
    }

    /** The address of Connect for these options. */
    getAuthUrl(options) {
      options = options || {};
      // Nobody's redirect: the last page of Connect posts the answer to this page.
      var endsInConnect = this.responseType === 'none' && !this.redirectUri;
      var externalId = this.externalId === null ? 'null' : this.externalId;
      var state = {instanceId: this.instanceId};
      if (options.state) { state.originalState = options.state; }
      return CONNECT + '/oauth/authorize?' + query([
        ['response_type', this.responseType],
        ['application_id', this.applicationId],
        ['redirect_uri', this.redirectUri || null],
        ['approval_prompt', options.forcePrompt === true ? 'force' : 'auto'],
        ['scope', this.scope && this.scope.length ? this.scope.join(' ') : null],
        ['mode', this.mode]
      ].concat(selection(options.singleSelect), [
        ['state', encodeState(state)],
        ['make', options.vehicleInfo && options.vehicleInfo.make],
        ['flags', options.flags && options.flags.join(' ')],
        ['user', options.user || null],
        ['external_id', externalId],
        ['app_origin', endsInConnect ? window.location.origin : null]
      ]));
    }

    /** Opens Connect in a window of its own. */
    openDialog(options) {
      options = options || {};
      var features = windowFeatures(options.windowOptions || {});
      window.open(this.getAuthUrl(options), 'Connect your car', features);
    }

    /** Opens Connect at each click on the element with an id, or on those of a selector. */
    addClickHandler(options) {
      var elements = [];
      if (!options || !(options.id || options.selector)) {
        throw new Error('Smartcar: a click handler needs the "id" or the "selector" of an element.');
      }
      if (options.id) {
        var one = document.getElementById(options.id);
        if (one) { elements.push(one); }
      }
      if (options.selector) {
        elements = elements.concat(Array.from(document.querySelectorAll(options.selector)));
      }
      if (!elements.length) {
        throw new Error('Smartcar: there is no element "' + (options.id || options.selector) + '" to click on.');
      }
      var open = this.openDialog.bind(this, options);
      elements.forEach(function (element) {
        element.addEventListener('click', open);
        this._clicks.push([element, open]);
      }, this);
    }

    /** Takes every listener of this instance away. */
    unmount() {
      window.removeEventListener('message', this.messageHandler);
      this._clicks.forEach(function (click) { click[0].removeEventListener('click', click[1]); });
      this._clicks = [];
    }

    /** Hears every message this window gets; most are not for this instance. */
    _receive(event) {
      var message = event.data;
      if (!message || message.name !== MESSAGE) { return; }
      if (this.redirectUri && originOf(this.redirectUri) !== event.origin) { return; }
      var state = decodeState(message.state);
      if (!state || state.instanceId !== this.instanceId || !this.onComplete) { return; }
      this.onComplete(
        errorOf(message), message.code, state.originalState,
        message.virtualKeyUrl, message.userId, message.externalId
      );
    }
  }

  /** The owner did not allow access. */
  Smartcar.AccessDenied = class extends Error {
    constructor(message) {
      super(message);
      this.name = 'AccessDenied';
    }
  };

  /** The car cannot be connected; `vehicleInfo` tells which, when its owner agreed, or is null. */
  Smartcar.VehicleIncompatible = class extends Error {
    constructor(message, vehicleInfo) {
      super(message);
      this.name = 'VehicleIncompatible';
      this.vehicleInfo = vehicleInfo;
    }
  };

  /** The connected service of the car is not active. */
  Smartcar.InvalidSubscription = class extends Error {
    constructor(message) {
      super(message);
      this.name = 'InvalidSubscription';
    }
  };

  /** The car of a message: its VIN is there when anything is. */
  function vehicleOf(message) {
    if (!message.vin) { return null; }
    var vehicle = {vin: message.vin, make: message.make, year: Number(message.year)};
    if (message.model) { vehicle.model = message.model; }
    return vehicle;
  }

  /** What went wrong, or null. */
  function errorOf(message) {
    var text = message.errorDescription;
    switch (message.error) {
      case null:
      case undefined:
      case '':
        return null;
      case 'access_denied':
        return new Smartcar.AccessDenied(text);
      case 'vehicle_incompatible':
        return new Smartcar.VehicleIncompatible(text, vehicleOf(message));
      case 'invalid_subscription':
        return new Smartcar.InvalidSubscription(text);
      default:
        return new Error('Unexpected error: ' + message.error + ' - ' + text);
    }
  }

  return Smartcar;
});
