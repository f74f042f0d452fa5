// Numbers, amounts and people as one reads them.

import { nameOf, shop } from "./ask.js";
import { chip, h, time, UNKNOWN } from "./dom.js";

export const link = {
  person: (profile, known) => h("a", { href: `#/people/${encodeURIComponent(profile)}` }, known?.name || UNKNOWN),
  segment: (id) => h("a", { href: `#/segments/${encodeURIComponent(id)}` }, nameOf("segments", id)),
  why: (profile, segment) =>
    h("a", { href: `#/why/${encodeURIComponent(profile)}/${encodeURIComponent(segment)}`, "aria-label": `Why ${nameOf("segments", segment)}?` }, "Why?"),
};

// Amounts are kept in the currency's minor unit.
export function money(amount, currency) {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currency || shop().currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${amount} ${currency ?? UNKNOWN}`;
  }
}

export function times(number, word) {
  return number === 1 ? `${word} once` : number === 2 ? `${word} twice` : `${word} ${number} times`;
}

export function reactions(message) {
  const told = [message.opens ? times(message.opens, "opened") : "", message.clicks ? times(message.clicks, "clicked") : "", message.feedback];
  return told.filter(Boolean).join(", ") || (message.state === "sent" ? "not opened yet" : "");
}

const STATES = { sent: "good", held: "warn", failed: "bad" };
const SAID = { claimed: "being sent", released: "to be tried again", held: "held back" };

export const state = (message) => chip(SAID[message.state] ?? message.state, STATES[message.state] ?? "plain");

export const template = (message) => message.subject || nameOf("templates", message.template);

// What an event says of itself, with amounts in their currency and things by their names.
export function properties(told) {
  const entries = Object.entries(told).filter(([name]) => name !== "currency" || !hasMoney(told));
  return entries.length ? h("dl", { class: "small" }, entries.map(([name, value]) => [h("dt", {}, words(name)), h("dd", {}, said(name, value, told.currency))])) : "";
}

const words = (name) => name.replaceAll("_", " ");
const hasMoney = (told) => Object.keys(told).some((name) => shop().money.includes(name));

function said(name, value, currency) {
  if (value === null || value === undefined) return UNKNOWN;
  if (Array.isArray(value)) return value.length ? h("ul", {}, value.map((inner) => h("li", {}, said(name, inner, currency)))) : "none";
  if (typeof value === "object") return product(value, currency);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (shop().money.includes(name) && Number.isInteger(value)) return money(value, currency);
  if (typeof value === "number") return value.toLocaleString("en");
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? time(value) : value;
}

function product(value, currency) {
  const { quantity, name, title, ...rest } = value;
  const head = [quantity ? `${quantity} × ` : "", name ?? title ?? ""].join("");
  const more = Object.entries(rest).flatMap(([key, inner], place) => [place ? ", " : "", `${words(key)} `, said(key, inner, value.currency ?? currency)]);
  return [head, head && more.length ? ": " : "", more];
}
