'use strict';

// Counts which public functions of an SDK were called, and with what outcome.

const fs = require('node:fs');

/** Watches the functions of some objects; names are those of the objects, in their order. */
function watch(owners) {
  const seen = new Map();
  for (const [prefix, owner] of Object.entries(owners)) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      const original = owner[name];
      const isClass = /^class\b|^[A-Z]/.test(name) || name === 'constructor';
      if (typeof original !== 'function' || isClass) {
        continue;
      }
      const outcomes = new Set();
      seen.set(prefix + name, outcomes);
      owner[name] = function(...args) {
        const settle = (outcome, value) => {
          outcomes.add(outcome);
          return value;
        };
        try {
          const answer = original.apply(this, args);
          if (typeof answer?.then !== 'function') {
            return settle('success', answer);
          }
          return answer.then(
            (value) => settle('success', value),
            (reason) => Promise.reject(settle('failure', reason)),
          );
        } catch (error) {
          throw settle('failure', error);
        }
      };
    }
  }
  return {
    /** Names that never had this outcome. */
    without: (outcome) => [...seen].filter(([, outcomes]) => !outcomes.has(outcome)).map(([name]) => name),
    called: () => [...seen.values()].filter((outcomes) => outcomes.has('success')).length,
    all: () => seen.size,
  };
}

/** Tells, and notes for the table of clients, how many of a client's functions worked. */
function report(client, called, all) {
  console.log(`${client}: methods called / methods public: ${called}/${all}`);
  if (process.env.CARPORT_REPORT) {
    fs.appendFileSync(process.env.CARPORT_REPORT, `${client}\t${called}\t${all}\n`);
  }
}

module.exports = {report, watch};
