// People: find one by name, address or any identifier, and see everything that is known of them.

import { api, local, nameOf } from "./ask.js";
import { h, chip, time, empty, table, pairs, section, shown, UNKNOWN } from "./dom.js";
import { firstEvent } from "./start.js";
import { link, properties, reactions, state, template } from "./words.js";
import { choose } from "./why.js";

const CONSENT = { subscribed: "good", unsubscribed: "bad", pending: "warn" };
let sought = "";

export async function people([asked], { draw }) {
  const found = asked ? await one(asked) : await latest();
  return [search(draw, Boolean(asked)), ...found];
}

function search(draw, away) {
  const typed = (event) => {
    sought = event.target.value.trim();
    if (!away) draw();
  };
  const cleared = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.target.value = sought = "";
    if (!away) draw();
  };
  return h("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); find(event.target.q.value.trim()); } },
    h("input", { type: "search", name: "q", placeholder: "A name, an address or an identifier", "aria-label": "Find people", autocomplete: "off", oninput: typed, onkeydown: cleared }),
    h("button", { class: "primary" }, "Find"));
}

async function find(text) {
  if (!text) return;
  sought = text;
  const hits = (await local(`people?q=${encodeURIComponent(text)}`)).people;
  const exact = hits.find((person) => person.identifiers.some((name) => name === text || name.endsWith(`:${text}`)));
  if (exact || hits.length === 1) location.hash = `#/people/${encodeURIComponent((exact ?? hits[0]).id)}`;
  else if (!hits.length && /[:@]/.test(text)) location.hash = `#/people/${encodeURIComponent(text.includes(":") ? text : `email:${text}`)}`;
  else location.hash = "#/people";
}

async function latest() {
  const found = await local(`people${sought ? `?q=${encodeURIComponent(sought)}` : ""}`);
  if (!found.people.length && !sought) return [h("h1", {}, "People"), await firstEvent("Nobody is here yet")];
  const rows = found.people.map((person) => [
    link.person(person.id, person),
    person.identifiers.map((name) => name.replace(/^email:/, "")).filter((name) => name !== person.name).join(", "),
    time(person.first_seen)]);
  return [
    h("h1", {}, "People"),
    h("p", { class: "lead", role: "status" }, sought ? `${rows.length}${found.more ? " or more" : ""} found for “${sought}”.` : "Newest first."),
    rows.length ? table(["Person", "Also known as", "First seen"], rows, "People") : empty(`Nobody is called ${sought}`),
    found.more && rows.length ? h("p", { class: "quiet" }, "There are more: type a name or an address to find them.") : null,
  ].filter(Boolean);
}

async function one(asked) {
  let person;
  try {
    person = await api(asked.includes(":") ? `profiles?identifier=${encodeURIComponent(asked)}` : `profiles/${encodeURIComponent(asked)}`);
  } catch (error) {
    if (error.status !== 404 && error.status !== 400) throw error;
    return [h("h1", {}, error.status === 404 ? `Nobody is known as ${asked}` : "That is no identifier"), h("p", { class: "quiet" }, error.message)];
  }
  const [messages, runs, events] = await Promise.all(["messages", "runs", "events?limit=50"].map((part) => api(`profiles/${person.id}/${part}`)));
  return [
    h("h1", {}, called(person)),
    h("div", { class: "cards" }, about(person), belongs(person)),
    rows("Messages", messages.messages.map(message), ["When", "What", "State", "Why", "Since then"]),
    rows("Flows", runs.runs.map(run), ["When", "Flow", "Goes on", "State"]),
    rows(`Events (${events.count})`, events.events.map(event), ["When", "Event", "From", "What it says"]),
  ].flat();
}

export function called(person) {
  const full = [person.traits.first_name, person.traits.last_name].filter(Boolean).join(" ") || person.traits.name;
  const address = person.identifiers.find((name) => name.startsWith("email:"));
  return full || address?.slice(6) || person.identifiers[0] || person.id;
}

function about(person) {
  const { marketing, suppressed } = person.consent;
  return h("div", { class: "card" }, h("h2", {}, "Who"),
    pairs({
      Identifiers: h("ul", { class: "chips" }, person.identifiers.map((name) => h("li", {}, chip(name, "plain")))),
      "E-mail": [chip(marketing === "none" ? "never asked" : marketing, CONSENT[marketing] ?? "plain"), suppressed ? [" ", chip(`suppressed: ${suppressed}`, "bad")] : ""].flat(),
      ...Object.fromEntries(Object.entries(person.scores ?? {}).map(([name, score]) =>
        [nameOf("scores", name), `${score.value}, ${score.tier ?? UNKNOWN}`])),
      ...Object.fromEntries(Object.entries(person.traits).map(([name, value]) => [name.replaceAll("_", " "), shown(value)])),
      ...Object.fromEntries((person.bounds ?? []).map((bound) =>
        [`Left out: ${bound.limit.replaceAll("_", " ")}`, `${bound.left_out} beyond ${bound.most} ${bound.unit}; they ${bound.rest}`])),
    }));
}

function belongs(person) {
  const rows = person.segments.map((segment) => h("li", {}, link.segment(segment.id),
    h("span", { class: "quiet" }, " since ", time(segment.since) || UNKNOWN, segment.until ? [", until ", time(segment.until), " at least"] : "", " "),
    link.why(person.id, segment.id)));
  return h("div", { class: "card" }, h("h2", {}, "Segments"),
    rows.length ? h("ul", {}, rows) : h("p", { class: "quiet" }, "In none at this second."), choose(person));
}

const rows = (title, found, heads) => (found.length ? section(title, table(heads, found, title)) : []);

const message = (row) => [time(row.at), template(row), state(row), row.reason || "", reactions(row)];
const run = (row) => [time(row.started), nameOf("flows", row.flow), row.due ? time(row.due) : "",
  row.outcome ? chip(row.outcome, "plain") : row.paused ? chip("paused", "warn") : chip("under way", "good")];
const event = (row) => [time(row.time), row.name, row.source, properties(row.properties)];
