// People: find one by any name they have, and see everything that is known of them.

import { api, bestName, local } from "./ask.js";
import { h, chip, time, empty, table, pairs, shown } from "./dom.js";
import { firstEvent } from "./start.js";

const CONSENT = { subscribed: "good", unsubscribed: "bad", pending: "warn" };
const STATES = { sent: "good", held: "warn", failed: "bad", claimed: "plain" };

export async function people([identifier]) {
  return [search(identifier), ...(identifier ? await one(identifier) : await latest())];
}

function search(identifier) {
  const input = h("input", { type: "search", name: "q", value: identifier ?? "", placeholder: "ann@example.org, user_id:42, shopify:…", "aria-label": "Identifier" });
  const go = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text) location.hash = `#/people/${encodeURIComponent(text.includes(":") ? text : text.includes("@") ? `email:${text}` : `user_id:${text}`)}`;
  };
  return h("form", { class: "search", onsubmit: go }, input, h("button", { class: "primary" }, "Find"));
}

async function latest() {
  const found = (await local("people")).people;
  if (!found.length) return [await firstEvent("Nobody is here yet")];
  const rows = found.map((person) => {
    const name = bestName(person.identifiers) ?? person.id;
    return [h("a", { href: `#/people/${encodeURIComponent(name)}` }, name), person.identifiers.filter((other) => other !== name).join(", "), time(person.first_seen)];
  });
  return [h("h1", {}, "People"), h("p", { class: "lead" }, "Newest first."), table(["Person", "Also known as", "First seen"], rows)];
}

async function one(identifier) {
  let person;
  try {
    person = await api(`profiles?identifier=${encodeURIComponent(identifier)}`);
  } catch (error) {
    return [empty(error.status === 404 ? `Nobody is known as ${identifier}` : "That is no identifier", h("p", {}, error.message))];
  }
  const [messages, runs, events] = await Promise.all(["messages", "runs", "events?limit=50"].map((part) => api(`profiles/${person.id}/${part}`)));
  return [
    h("h1", {}, bestName(person.identifiers) ?? person.id),
    h("div", { class: "cards" }, about(person), belongs(person)),
    section("Messages", messages.messages.map(message), ["When", "What", "", "Why"]),
    section("Flow runs", runs.runs.map(run), ["When", "Flow", "Goes on", "Outcome"]),
    section(`Events (${events.count})`, events.events.map(event), ["When", "Event", "From", "Properties"]),
  ].flat();
}

function about(person) {
  const { marketing, suppressed } = person.consent;
  return h("div", { class: "card" }, h("h2", {}, "Who"),
    pairs({
      Identifiers: h("ul", { class: "chips" }, person.identifiers.map((name) => h("li", {}, chip(name, "plain")))),
      Consent: [chip(marketing, CONSENT[marketing] ?? "plain"), suppressed ? [" ", chip(`suppressed: ${suppressed}`, "bad")] : ""].flat(),
      ...Object.fromEntries(Object.entries(person.traits).map(([name, value]) => [name, shown(value)])),
    }));
}

function belongs(person) {
  const rows = person.segments.map((segment) =>
    h("li", {}, h("a", { href: `#/segments/${segment.id}` }, segment.id), h("span", { class: "quiet" }, " since ", time(segment.since), segment.until ? [" until ", time(segment.until), " at least"] : "")));
  return h("div", { class: "card" }, h("h2", {}, "Segments"), rows.length ? h("ul", {}, rows) : h("p", { class: "quiet" }, "In none at this second."));
}

const section = (title, rows, heads) => (rows.length ? [h("h2", { style: "margin-top:24px" }, title), table(heads, rows)] : []);

export const message = (row) => [time(row.at), row.subject || row.template, chip(row.state, STATES[row.state] ?? "plain"), row.reason];
const run = (row) => [time(row.started), `${row.flow} (${row.entry})`, row.due ? time(row.due) : "", row.outcome ?? chip("under way", "plain")];
const event = (row) => [time(row.time), row.name, row.source, h("code", {}, brief(row.properties))];

function brief(properties) {
  const text = JSON.stringify(properties);
  return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}
