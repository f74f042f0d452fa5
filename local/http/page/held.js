// What was not sent and why, and what came in and was not understood.

import { api, nameOf, who } from "./ask.js";
import { h, time, empty, table, pairs, UNKNOWN } from "./dom.js";
import { link, state, template } from "./words.js";

const PAGE = 50;

// The rows of a list with a cursor, as many pages of it as were asked for.
async function pages(path, key, more) {
  const rows = [];
  let next = null;
  for (let page = 0; page < more.pages; page += 1) {
    const found = await api(`${path}${next ? `&next=${encodeURIComponent(next)}` : ""}`);
    rows.push(...found[key]);
    next = found.next;
    if (!next) break;
  }
  return [rows, next];
}

export async function held(_, { more }) {
  const [[waiting, next], [failed]] = await Promise.all([
    pages(`messages?state=held&limit=${PAGE}`, "messages", more), pages(`messages?state=failed&limit=${PAGE}`, "messages", more)]);
  const all = [...waiting, ...failed].sort((one, other) => other.at.localeCompare(one.at));
  const known = await who(all.map((row) => row.profile));
  const rows = all.map((row) => [time(row.at), link.person(row.profile, known[row.profile]), template(row), nameOf("flows", row.flow), state(row), row.reason || UNKNOWN]);
  return [
    h("h1", {}, "Held back"),
    h("p", { class: "lead" }, "E-mails whose moment came and that were not sent, with the reason found at the last look."),
    rows.length ? table(["When", "Person", "What", "Flow", "State", "Why not"], rows, "Held back") : empty("Nothing was held back yet"),
    next ? more.button("Show more") : null,
  ].filter(Boolean);
}

export async function quarantine([source, id], context) {
  return source && id ? request(source, id, context) : list(context);
}

async function list({ more }) {
  const [items, next] = await pages(`quarantine?limit=${PAGE}`, "items", more);
  const rows = items.map((item) => [time(item.received), item.source, item.reason,
    `${item.bytes.toLocaleString("en")} bytes`, h("a", { href: `#/quarantine/${encodeURIComponent(item.source)}/${encodeURIComponent(item.id)}`, "aria-label": `Look at what ${item.source} sent at ${item.received}` }, "Look")]);
  return [
    h("h1", {}, "Quarantine"),
    h("p", { class: "lead" }, "Requests that came from whom they should and were not understood. They are kept whole for 90 days and can be taken again."),
    rows.length ? table(["When", "From", "What was wrong", "Size", ""], rows, "Quarantine") : empty("Everything was understood so far"),
    next ? more.button("Show more") : null,
  ].filter(Boolean);
}

async function request(source, id, { act, say }) {
  const place = `quarantine/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
  const item = await api(place);
  const away = () => { location.hash = "#/quarantine"; };
  const replay = () => act(async () => {
    const told = await api(`${place}/replay`, "POST");
    if (told.replayed) { away(); say(`Taken: ${told.events} ${told.events === 1 ? "event" : "events"}.`); }
    else say(`Still not understood: ${told.reason}`);
  });
  const drop = () => confirm("Drop this request for good?") && act(async () => { await api(place, "DELETE"); away(); });
  return [
    h("p", {}, h("a", { href: "#/quarantine" }, "‹ Quarantine")),
    h("h1", {}, item.reason),
    pairs({ From: item.source, Received: time(item.received), Size: `${item.bytes.toLocaleString("en")} bytes` }),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "primary", onclick: replay }, "Take it again"),
      h("button", { type: "button", onclick: drop }, "Drop it")),
    h("h2", {}, "Headers"), h("pre", { class: "wrap", tabindex: "0" }, Object.entries(item.headers).map(([name, value]) => `${name}: ${value}`).join("\n")),
    h("h2", {}, "Body"), h("pre", { class: "wrap", tabindex: "0" }, pretty(item.body)),
  ];
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
