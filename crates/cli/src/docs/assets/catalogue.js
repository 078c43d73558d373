// The search: members and events by name, path and type, and by the words of their descriptions. And buttons that copy code.
(() => {
  "use strict";

  const root = document.documentElement.dataset.root ?? "";
  const form = document.querySelector("form.search");
  const input = document.getElementById("search");
  const panel = document.getElementById("results");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const SHOWN = 40;

  let entries = null;
  let loading = null;

  // The index is loaded when the search is first used.
  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}search-index.js`;
      script.onload = () => {
        entries = prepare(window.searchIndex);
        resolve();
      };
      script.onerror = () => reject(new Error("search-index.js cannot be read"));
      document.head.append(script);
    });
    return loading;
  };

  // The words of a type of JSON or Rust: `Vec<LogType>` has `vec`, `logtype`, `log` and `type`.
  const typesOf = (text) => [...text.toLowerCase().split(/[^\p{L}\p{N}_]+/u), ...wordsOf(text)].filter(Boolean);

  // The words of a name, in camel case, snake case or a path, or of a sentence.
  const wordsOf = (text) => text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u);

  const prepare = ({ events, members }) => {
    const ofEvents = events.map(([provider, name, page, text, type]) => ({
      href: page, parent: "", name, context: provider, text, type, kind: "event", types: typesOf(type),
      lowerName: name.toLowerCase(), lowerPath: name.toLowerCase(),
      lowerContext: provider.toLowerCase(), nameWords: wordsOf(name), textWords: wordsOf(text),
    }));
    const ofMembers = members.map(([event, anchor, parent, name, text, type]) => {
      const [provider, eventName, page] = events[event];
      return {
        href: `${page}#${anchor}`, parent, name, context: `${provider} · ${eventName}`, text, type, kind: "member",
        types: typesOf(type),
        lowerName: name.toLowerCase(), lowerPath: (parent + name).toLowerCase(),
        lowerContext: `${provider} ${eventName}`.toLowerCase(), nameWords: wordsOf(name), textWords: wordsOf(text),
      };
    });
    return [...ofEvents, ...ofMembers];
  };

  // How well an entry fits a word; 0 if not at all. A short word must begin a word of the entry: `ip` is in `SourceIP`, and
  // `description` has nothing to do with it.
  const fit = (entry, word) => {
    if (word.startsWith("type:")) return entry.types.includes(word.slice(5)) ? 30 : 0;
    const begins = (words) => words.some((one) => one.startsWith(word));
    const isLong = word.length > 2;
    if (entry.lowerName === word || entry.lowerPath === word) return 100;
    if (entry.lowerName.startsWith(word)) return 60;
    if (begins(entry.nameWords)) return 50;
    if (isLong && entry.lowerName.includes(word)) return 40;
    if (isLong && entry.lowerPath.includes(word)) return 20;
    if (isLong && entry.types.includes(word)) return 15;
    if (isLong && entry.lowerContext.includes(word)) return 10;
    return begins(entry.textWords) ? 5 : 0;
  };

  // A JSON Pointer and an expression of Rust, as the path that the entries have.
  const asPath = (word) => word.startsWith("/") && word.length > 1 ? word.slice(1).replaceAll("/", ".") : word.replace(/^event\./, "");

  const find = (query) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean).map(asPath);
    const found = [];
    entries.forEach((entry, order) => {
      let score = entry.kind === "event" ? 3 : 0;
      for (const word of words) {
        const one = fit(entry, word);
        if (one === 0) return;
        score += one;
      }
      found.push({ entry, score, order });
    });
    return found.sort((a, b) => b.score - a.score || a.order - b.order).map(({ entry }) => entry);
  };

  const part = (tag, className, text) => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  };

  const show = (entry) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + entry.href;
    const path = document.createElement("span");
    path.className = "path";
    if (entry.parent) path.append(part("span", "parent", entry.parent));
    path.append(part("span", "leaf", entry.name));
    link.append(path, part("span", "context", entry.kind === "event" ? `${entry.context} · event` : entry.context));
    link.append(part("code", "type", entry.type));
    if (entry.text) link.append(part("span", "text", entry.text.replaceAll("`", "")));
    item.append(link);
    return item;
  };

  const close = () => {
    panel.hidden = true;
    list.replaceChildren();
    status.textContent = "";
  };

  const search = async () => {
    const query = input.value.trim();
    if (!query) return close();
    try {
      await load();
    } catch (error) {
      panel.hidden = false;
      status.textContent = error.message;
      return;
    }
    // The text may have changed while the index was loaded.
    if (query !== input.value.trim()) return;
    const found = find(query);
    list.replaceChildren(...found.slice(0, SHOWN).map(show));
    panel.hidden = false;
    const count = `${found.length} result${found.length === 1 ? "" : "s"}`;
    status.textContent = found.length > SHOWN ? `${count}, the first ${SHOWN} are shown` : found.length ? count : "No results";
  };

  const move = (event, step) => {
    const links = [...list.querySelectorAll("a")];
    if (panel.hidden || links.length === 0) return;
    const at = links.indexOf(document.activeElement);
    event.preventDefault();
    const next = at + step;
    if (next < 0) input.focus();
    else links[Math.min(next, links.length - 1)].focus();
  };

  form.hidden = false;
  input.addEventListener("focus", () => load().catch(() => {}));
  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search().then(() => list.querySelector("a")?.click());
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
      return;
    }
    if (!event.target.closest?.("header.site")) return;
    if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      close();
      input.focus();
    }
  });
  // A result may be on this page: then nothing is loaded, and the results are in the way.
  list.addEventListener("click", (event) => {
    if (event.target.closest("a")) close();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("header.site")) close();
  });

  const ICON = '<svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">'
    + '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3V2.5h-8v8H3"/></svg>';
  const DONE = '<svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">'
    + '<path d="M3 8.5l3.5 3.5L13 4.5"/></svg>';

  // A page that is a file may have no clipboard of its own.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = part("textarea", "", text);
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const announcement = part("p", "announcement", "");
  announcement.setAttribute("role", "status");
  document.querySelector("footer.site").append(announcement);
  for (const element of document.querySelectorAll("[data-copy]")) {
    const isBlock = element.tagName === "PRE";
    const button = part("button", "copy", "");
    button.type = "button";
    button.innerHTML = ICON;
    button.title = "Copy";
    button.setAttribute("aria-label", `Copy: ${isBlock ? element.getAttribute("aria-label") : element.dataset.copy}`);
    button.addEventListener("click", async () => {
      await copy(isBlock ? element.textContent : element.dataset.copy);
      button.focus();
      button.innerHTML = DONE;
      announcement.textContent = "Copied";
      setTimeout(() => {
        button.innerHTML = ICON;
        announcement.textContent = "";
      }, 1500);
    });
    if (isBlock) {
      const frame = part("div", "copyable", "");
      element.replaceWith(frame);
      frame.append(element, button);
    } else {
      element.append(button);
    }
  }
})();
