// Runs in the application's page: makes instances, opens Connect, and notes what comes back.
'use strict';

/** What was reported to `onComplete`, in order; `who` tells instances apart. */
window.completed = [];
/** Names of the SDK's public members that were used. */
window.used = [];
/** All there are. */
window.members = ['constructor'];

const note = (name) => window.used.includes(name) || window.used.push(name);

// Counts uses without getting in their way.
for (const name of Object.getOwnPropertyNames(Smartcar.prototype)) {
  if (name !== 'constructor' && !name.startsWith('_')) {
    window.members.push(name);
    const method = Smartcar.prototype[name];
    Smartcar.prototype[name] = function(...args) {
      note(name);
      return method.apply(this, args);
    };
  }
}
for (const name of Object.getOwnPropertyNames(Smartcar)) {
  if (/^[A-Z]/.test(name)) {
    window.members.push(name);
    Smartcar[name] = new Proxy(Smartcar[name], {
      construct(target, args) {
        note(name);
        return Reflect.construct(target, args);
      },
    });
  }
}

/** An error as text can carry it, with the class of the SDK that it is of. */
function describe(error) {
  if (!error) {
    return error;
  }
  const kind = Object.getOwnPropertyNames(Smartcar)
    .find((name) => /^[A-Z]/.test(name) && error instanceof Smartcar[name]);
  const {name, message, vehicleInfo} = error;
  return {kind: kind ?? (error instanceof Error ? 'Error' : 'none'), name, message, vehicleInfo};
}

/** Makes the instance that the buttons use. */
function make(options, who = 'first') {
  note('constructor');
  const onComplete = (error, code, state, virtualKeyUrl, userId, externalId) => {
    window.completed.push({
      who, error: describe(error), code, state, virtualKeyUrl, userId, externalId,
    });
  };
  window.instance = new Smartcar({onComplete, ...options});
  return window.instance;
}

/** A button opens the dialog of the latest instance with these options. */
window.dialog = {};
document.getElementById('open').addEventListener('click', () => window.instance.openDialog(window.dialog));

/** What any window posts here, heard or not. */
window.messages = [];
window.addEventListener('message', ({data, origin}) => window.messages.push({data, origin}));
