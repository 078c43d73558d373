// Finds events and members, from what search-index.js lists: [address, provider, event, pointer, description].
"use strict";

(() => {
  const MOST = 50;
  const input = document.getElementById("search");
  const results = document.getElementById("results");
  const found = document.getElementById("found");
  const list = results.querySelector("ul");
  const root = document.body.dataset.root;

  const entries = CATALOGUE.map(([address, provider, event, pointer, text]) => {
    const name = (pointer.slice(pointer.lastIndexOf("/") + 1) || event).toLowerCase();
    const all = [provider, event, pointer, text].join(" ").toLowerCase();
    return { address, provider, event, pointer, text, name, all };
  });

  // Names that are the query come first, then those that begin with it, then those that contain it.
  function rank(entry, query) {
    if (entry.name === query) return 0;
    if (entry.name.startsWith(query)) return 1;
    return entry.name.includes(query) ? 2 : 3;
  }

  function item(entry) {
    const link = document.createElement("a");
    link.href = root + entry.address;
    const code = document.createElement("code");
    code.textContent = entry.pointer || entry.event;
    link.append(code);
    const where = document.createElement("span");
    where.textContent = entry.pointer ? ` ${entry.provider}, ${entry.event}` : ` ${entry.provider}`;
    const line = document.createElement("li");
    line.append(link, where);
    if (entry.text) {
      const text = document.createElement("p");
      text.textContent = entry.text;
      line.append(text);
    }
    return line;
  }

  function show() {
    const query = input.value.trim().toLowerCase();
    results.hidden = query === "";
    list.replaceChildren();
    if (query === "") {
      found.textContent = "";
      return;
    }
    const words = query.split(/\s+/);
    const hits = entries.filter((entry) => words.every((word) => entry.all.includes(word)));
    hits.sort((a, b) => rank(a, query) - rank(b, query));
    list.replaceChildren(...hits.slice(0, MOST).map(item));
    const more = hits.length > MOST ? `, the first ${MOST} of which are shown` : "";
    found.textContent = hits.length === 1 ? "1 result" : `${hits.length} results${more}`;
  }

  input.addEventListener("input", show);
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === "Escape" && input.value !== "") {
      input.value = "";
      show();
      input.focus();
    }
  });
  list.addEventListener("click", () => {
    input.value = "";
    show();
  });
  show();
})();
