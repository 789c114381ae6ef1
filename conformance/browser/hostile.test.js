'use strict';

// Hostile text in every field of the pages below: each form that has a text field is found on its page, filled
// and sent as a browser would, and each page that may show the text again is read with a real HTML parser. Wherever
// the text comes out, it is text: never an element, an attribute or an address. How often it comes out whole is
// counted, so that the check is not of empty pages.

const assert = require('node:assert/strict');
const {after, before, test} = require('node:test');
const parse5 = require('parse5');
const {startCarport} = require('../lib/carport');
const {ownedCar} = require('./owners');

// Each carries the mark, which is how what became of it is found.
const MARK = 'hostile';
const STRINGS = [
  '<x-hostile>', '</title><x-hostile>', '</textarea><x-hostile>', '</select><x-hostile>', '</script><x-hostile>',
  '<script>hostile()</script>', '<img src=x onerror=hostile()>', '<svg onload=hostile()>', '<x-hostile/x-hostile=1>',
  '"><x-hostile>', '\'><x-hostile>', '" onfocus="hostile()" autofocus x="', '\' onfocus=\'hostile()\' x=\'',
  'hostile onfocus=hostile()', '`hostile`', '<!-- hostile', '--><x-hostile>', '<![CDATA[ hostile ]]>', '<?hostile ?>',
  '&lt;hostile&gt;', '&#60;hostile&#62;', '&hostile', 'hostile&amp', '%3Cx-hostile%3E', '\\u003cx-hostile\\u003e',
  'javascript:hostile()', 'data:text/html,<x-hostile>', '//hostile.example/', '../../../../etc/hostile', 'file:///hostile',
  '{{ hostile }}{% hostile %}', '${hostile}#{hostile}', '\'; DROP TABLE hostile; --', '" OR "hostile"="hostile', '%_hostile%_',
  '=HYPERLINK("hostile")', 'hostile\r\nset-cookie: hostile=1', 'hostile\u0000hostile', 'hostile \u202e gnp.exe', 'hostile\u200b\ufeff\u00ad',
  '🚗\u200d🔌 hostile Ⅷ ﷽ Ǆ', 'hostile Z̸̨̛̥͇͑a̷l̶g̵o̴', 'hostile'.repeat(3000), 'hostile '.repeat(60),
];

// Pages with a form; what is sent there shows on them and on those of SHOWN.
const FORMS = (app) => [
  '/dashboard/applications/new', '/dashboard/applications', ...['', '/redirects', '/appearance', '/security', '/delete']
    .map((tab) => `/dashboard/applications/${app}${tab}`),
  '/dashboard/simulator', '/dashboard/simulator/new', '/dashboard/vehicles', '/dashboard/logs', '/dashboard/runs',
  '/dashboard/audit', '/dashboard/team', '/dashboard/account', '/dashboard/sign-in', '/dashboard/forgot', '/dashboard/try',
  '/me', '/me/sign-in/test/VOLVO',
];
const SHOWN = (app) => [
  '/dashboard', '/dashboard/applications', `/dashboard/applications/${app}`, `/dashboard/applications/${app}/redirects`,
  `/dashboard/applications/${app}/appearance`, `/dashboard/applications/${app}/security`,
  `/dashboard/applications/${app}/delete`, '/dashboard/audit', '/dashboard/team', '/dashboard/simulator', '/dashboard/try',
  '/dashboard/vehicles', '/dashboard/runs', '/me',
];

let carport;
let cookies;

before(async() => {
  carport = await startCarport();
  await ownedCar(carport);
  cookies = new Map();
});

after(() => carport?.stop());

test('the check sees what is wrong', () => {
  const url = new URL('http://localhost/');
  for (const html of ['<p><x-hostile></p>', '<a href="javascript:hostile()">', '<p onclick=hostile()>', '<!-- hostile -->']) {
    assert.throws(() => inspect({url, tree: parse5.parse(html)}, MARK), html);
  }
  assert.equal(inspect({url, tree: parse5.parse('<p>&lt;x-hostile></p>')}, '<x-hostile>'), 1);
});

STRINGS.forEach((text, place) => {
  test(`hostile string ${place + 1}: ${JSON.stringify(text.slice(0, 40))}`, async() => {
    const app = carport.application.clientId;
    const seen = {fields: 0, pages: 0};
    for (const path of FORMS(app)) {
      const page = await load(path);
      for (const form of forms(page)) {
        seen.fields += form.fields.length;
        // Alone, since one that is refused takes the others along; and all at once.
        const alone = form.fields.map((field) => [field]);
        for (const fields of form.fields.length > 1 ? [...alone, form.fields] : alone) {
          seen.pages += inspect(await send(form, fields, text), text);
        }
      }
    }
    for (const path of SHOWN(app)) {
      seen.pages += inspect(await load(path), text);
    }
    seen.pages += inspect(await connect(app, text), text);
    assert.ok(seen.fields >= 28, `${seen.fields} fields were filled`);
    assert.ok(seen.pages > 20, `${seen.pages} places showed the text again`);
  });
});

/** The first page of Connect for the application, begun by a link that carries the text too. */
function connect(app, text) {
  const link = new URL('/oauth/authorize', carport.url);
  link.search = new URLSearchParams({
    response_type: 'code', client_id: app, redirect_uri: 'https://example.com/auth', scope: 'read_odometer', mode: 'test',
    state: text, user: text,
  });
  return load(link.href);
}

/** A page after its redirects, as far as they stay here, with the cookies of one browser. */
async function load(path, {method = 'GET', body} = {}) {
  let url = new URL(path, carport.url);
  for (let hops = 0; hops < 5; hops += 1) {
    const answer = await fetch(url, {
      method, body, redirect: 'manual',
      headers: {
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '), origin: carport.url,
        ...(body && {'content-type': 'application/x-www-form-urlencoded'}),
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      assert.notEqual(name, MARK, 'no header is smuggled in');
      cookies.set(name, value);
    }
    const html = await answer.text();
    assert.ok(answer.status < 500, `${method} ${url.pathname}: ${answer.status} ${html.slice(0, 200)}`);
    const next = answer.headers.get('location');
    const to = next && new URL(next, url);
    if (!to || to.origin !== carport.url) {
      return {url, tree: parse5.parse(html)};
    }
    [url, method, body] = [to, 'GET', undefined];
  }
  throw new Error(`${path} redirects without end`);
}

const attributes = (node) => Object.fromEntries((node.attrs ?? []).map(({name, value}) => [name, value]));

function* elements(node) {
  for (const child of node.childNodes ?? []) {
    yield child;
    yield* elements(child);
  }
}

const textOf = (node) => [...elements(node)].map(({value}) => value ?? '').join('');

/** The forms of a page: where they go, what they send as they stand, and which fields take text. */
function forms({tree, url}) {
  return [...elements(tree)].filter(({nodeName}) => nodeName === 'form').map((form) => {
    const {action, method, enctype} = attributes(form);
    const sent = new URLSearchParams();
    const texts = {};
    for (const node of elements(form)) {
      const {name, type = 'text', value = '', checked} = attributes(node);
      if (!name || enctype) {
        continue;
      }
      if (node.nodeName === 'textarea' || (node.nodeName === 'input' && /^(text|email|url|search|tel|password)$/.test(type))) {
        texts[name] = node.nodeName === 'textarea' ? textOf(node) : value;
      } else if (node.nodeName === 'select') {
        const options = [...elements(node)].filter(({nodeName}) => nodeName === 'option').map(attributes);
        const chosen = options.find(({selected}) => selected !== undefined) ?? options[0];
        sent.append(name, chosen?.value ?? '');
      } else if (node.nodeName === 'input' && (!/^(checkbox|radio|submit)$/.test(type) || checked !== undefined)) {
        sent.append(name, value);
      }
    }
    return {action: new URL(action || url, url), method: (method ?? 'get').toUpperCase(), sent, texts, fields: Object.keys(texts)};
  });
}

// What fields that stand empty need, so that what is beside them is kept.
const GOOD = {name: 'Ride Ledger', uri: 'https://example.com/auth'};

/** Sends a form with the text in these fields, and what stood there in the others. */
function send(form, fields, text) {
  const sent = new URLSearchParams(form.sent);
  for (const [field, value] of Object.entries(form.texts)) {
    // What is to be deleted is named: not by this.
    const typed = form.action.pathname.endsWith('/delete') ? `${text}!` : text;
    sent.append(field, fields.includes(field) ? typed : value || (GOOD[field] ?? ''));
  }
  if (form.method === 'POST') {
    return load(form.action.href, {method: 'POST', body: sent.toString()});
  }
  const url = new URL(form.action);
  url.search = sent;
  return load(url.href);
}

// Line ends are one for a parser, and it has no NUL; forms may trim and join spaces.
const plain = (text) => text.replace(/\p{Cc}/gu, '').replace(/\s+/g, ' ').trim();

const decoded = (value) => {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '));
  } catch {
    return value;
  }
};

/** Counts the places of a page in which the text stands, and says what is wrong with them. */
function inspect({tree, url}, text) {
  const whole = plain(text);
  const isWhole = (value) => [value, decoded(value), decoded(decoded(value))].some((as) => plain(as).includes(whole));
  let places = 0;
  for (const node of elements(tree)) {
    const where = `${url.pathname}: ${node.nodeName}`;
    assert.doesNotMatch(node.nodeName, /^x-hostile/, where);
    for (const [name, value] of Object.entries(attributes(node))) {
      assert.doesNotMatch(name, /^(on|x-hostile|autofocus$)/, `${where} ${name}`);
      if (/^(href|src|action|formaction)$/.test(name)) {
        assert.doesNotMatch(value, /^\s*(javascript|data|file):|^\/\//i, `${where} ${name}`);
      }
      places += isWhole(value);
    }
    // Comments have data, texts a value.
    const value = node.value ?? node.data ?? '';
    if (value.includes(MARK)) {
      assert.equal(node.nodeName, '#text', where);
      assert.doesNotMatch(node.parentNode.nodeName, /^(script|style)$/, where);
      places += isWhole(value);
    }
  }
  return places;
}
