// Elements without innerHTML: whatever people typed stays text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const HANDLERS = ["onclick", "onsubmit", "oninput", "onkeydown", "onchange"];

// Make ``old`` show what ``next`` shows and keep the nodes that are the same: focus, what is typed and scrolling stay.
export function morph(old, next) {
  const before = [...old.childNodes];
  const after = [...next.childNodes];
  after.forEach((node, place) => {
    const kept = before[place];
    if (!kept) old.append(node);
    else if (kept.nodeName !== node.nodeName) kept.replaceWith(node);
    else if (node.nodeType === Node.TEXT_NODE) { if (kept.data !== node.data) kept.data = node.data; }
    else { match(kept, node); morph(kept, node); }
  });
  before.slice(after.length).forEach((node) => node.remove());
}

function match(kept, node) {
  for (const { name } of [...kept.attributes]) if (!node.hasAttribute(name)) kept.removeAttribute(name);
  for (const { name, value } of node.attributes) if (kept.getAttribute(name) !== value) kept.setAttribute(name, value);
  for (const handler of HANDLERS) kept[handler] = node[handler];
}

export const chip = (text, kind = "") => h("span", { class: `chip ${kind}` }, text);

// What is not known is said so, and never left blank.
export const UNKNOWN = "?";

export function time(text) {
  if (!text) return "";
  const short = text.replace("T", " ").replace(/(:\d\d)(\.\d+)?Z$/, "$1");
  return h("time", { datetime: text, title: `${text} (UTC)` }, short);
}

export function table(heads, rows, caption = "") {
  const head = h("tr", {}, heads.map((name) => h("th", { scope: "col", class: name === "When" ? "time" : "" }, name)));
  const body = rows.map((row) => h("tr", {}, row.map((cell, place) =>
    h("td", { class: heads[place] === "When" ? "time" : "", "data-head": heads[place] || null }, cell))));
  return h("div", { class: "table" }, h("table", { "aria-label": caption || null }, h("thead", {}, head), h("tbody", {}, body)));
}

export function empty(title, ...children) {
  return h("div", { class: "empty" }, h("h2", {}, title), ...children);
}

export function pairs(object) {
  return h("dl", {}, Object.entries(object).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export const hidden = (text) => h("span", { class: "unseen" }, text);

export const section = (title, content) => [h("h2", { class: "part" }, title), content];

export const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));
