// Live values and copying. Every page works without this.
'use strict';
(() => {
  const RETRY = 5000;
  // Between two keys of somebody who types.
  const PAUSE = 200;
  // What is said in another language than English, the page says.
  const {copied = 'Copied', selected = 'Selected'} = document.currentScript.dataset;
  const byId = (id) => document.getElementById(id);

  // Buttons that copy: data-copy names the element whose text is meant.
  const copy = async(button) => {
    const from = byId(button.dataset.copy);
    const said = byId(button.dataset.says) ?? button;
    try {
      await navigator.clipboard.writeText(from.textContent);
      said.textContent = copied;
    } catch {
      // No permission: select it, so that one key copies.
      getSelection().selectAllChildren(from);
      said.textContent = selected;
    }
  };
  document.addEventListener('click', ({target}) => {
    const button = target.closest('[data-copy]');
    if (button) {
      copy(button);
    }
  });

  // A form whose choices build something: data-builds names what the same page shows for them.
  for (const form of document.querySelectorAll('[data-builds]')) {
    let asked = 0;
    form.addEventListener('input', async() => {
      const turn = ++asked;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (turn !== asked) {
        return;
      }
      const built = byId(form.dataset.builds);
      const filled = [...new FormData(form)].filter(([, value]) => value);
      const address = `${form.action}?${new URLSearchParams(filled)}`;
      const headers = {'carport-draft': built.dataset.draft};
      const text = await (await fetch(address, {headers})).text();
      const page = new DOMParser().parseFromString(text, 'text/html');
      const next = page.getElementById(built.id);
      if (next && turn === asked) {
        built.replaceWith(next);
        history.replaceState(null, '', address);
      }
    });
  }

  // The reader's own time, with UTC behind it.
  for (const time of document.querySelectorAll('time[data-local]')) {
    const at = new Date(time.dateTime).toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'});
    time.textContent = `${at} (${time.textContent})`;
  }

  // On a narrow screen the map scrolls: begin with the car that is looked at.
  for (const map of document.querySelectorAll('[data-look]')) {
    const car = byId(map.dataset.look)?.getBoundingClientRect();
    const box = map.getBoundingClientRect();
    map.scrollLeft = car ? car.x + car.width / 2 - box.x - box.width / 2 : 0;
  }

  const live = document.querySelector('[data-live]');
  if (!live || !window.EventSource) {
    return;
  }
  let source;
  let retry;

  // t: text by id; a: attributes by id, of which null takes one away.
  const show = ({t = {}, a = {}}) => {
    for (const [id, text] of Object.entries(t)) {
      const element = byId(id);
      if (element && element.textContent !== text) {
        element.textContent = text;
      }
    }
    for (const [id, attributes] of Object.entries(a)) {
      const element = byId(id);
      for (const [name, value] of Object.entries(element ? attributes : {})) {
        if (value === null) {
          element.removeAttribute(name);
        } else {
          element.setAttribute(name, value);
        }
      }
    }
  };

  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };

  const open = () => {
    close();
    if (document.hidden) {
      return;
    }
    source = new EventSource(live.dataset.live);
    source.onmessage = ({data}) => show(JSON.parse(data));
    // The browser reconnects by itself after a broken connection, but not after a refusal.
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) {
        close();
        retry = setTimeout(open, RETRY);
      }
    };
  };

  // A tab that nobody sees asks for nothing.
  document.addEventListener('visibilitychange', open);
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', open);
})();
