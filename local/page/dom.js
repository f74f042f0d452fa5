// Elements without innerHTML: whatever people typed stays text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const chip = (text, kind = "") => h("span", { class: `chip ${kind}` }, text);

export function time(text) {
  if (!text) return "";
  const short = text.replace("T", " ").replace(/(:\d\d)(\.\d+)?Z$/, "$1");
  return h("time", { datetime: text, title: `${text} (UTC)` }, short);
}

export function table(heads, rows) {
  const head = h("tr", {}, heads.map((name) => h("th", { class: name === "When" ? "time" : "" }, name)));
  const body = rows.map((row) => h("tr", {}, row.map((cell, place) => h("td", { class: heads[place] === "When" ? "time" : "" }, cell))));
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, head), h("tbody", {}, body)));
}

export function empty(title, ...children) {
  return h("div", { class: "empty" }, h("h2", {}, title), ...children);
}

export function pairs(object) {
  return h("dl", {}, Object.entries(object).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));
