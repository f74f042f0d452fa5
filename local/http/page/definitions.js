// Scores, templates, named events, exchange rates and sources: what is published beside segments and flows, to read and to withdraw.

import { api, idsOf, nameOf } from "./ask.js";
import { h, chip, empty, section } from "./dom.js";
import { link } from "./words.js";
import { placeOf, withdrawing } from "./withdraw.js";

const LISTED = { scores: "Scores", templates: "Templates", events: "Named events", rates: "Exchange rates", sources: "Sources" };
const MEANS = {
  scores: "Points for what people do; their tiers are segments.",
  templates: "What flows send.",
  events: "One name for all the events that mean the same.",
  rates: "What amounts in other currencies count as.",
  sources: "Senders of webhooks that the shop declares itself.",
};

export async function definitions([kind, id], context) {
  return Object.hasOwn(LISTED, kind ?? "") && id ? one(kind, id, context) : all();
}

function all() {
  return [
    h("h1", {}, "Definitions"),
    h("p", { class: "lead" }, "What is published beside segments and flows. Choose one to read it or to withdraw it."),
    Object.entries(LISTED).map(([kind, title]) => section(title, cards(kind))),
  ].flat(2);
}

function cards(kind) {
  const found = idsOf(kind).map((id) => h("a", { class: "card", href: placeOf(kind, id) },
    h("h2", {}, nameOf(kind, id)), h("p", { class: "sentence" }, id)));
  return [h("p", { class: "quiet" }, MEANS[kind]), found.length ? h("div", { class: "cards list-like" }, found) : empty("None is published")];
}

async function one(kind, id, context) {
  const found = await api(`definitions/${kind}/${encodeURIComponent(id)}`);
  const name = found.name ?? nameOf(kind, id);
  return [
    h("p", {}, h("a", { href: "#/definitions" }, "‹ Definitions")),
    h("h1", {}, name),
    h("p", { class: "lead" }, MEANS[kind]),
    kind === "scores" ? tiers(found) : null,
    h("div", { class: "actions" }, withdrawing(kind, id, name, context)),
    section(["The definition ", chip(`version ${found.version}`, "plain")], h("pre", { class: "wrap", tabindex: "0" }, found.text)),
  ].flat().filter(Boolean);
}

function tiers({ id, json }) {
  const names = Object.keys(json.tiers ?? {}).map((tier) => `${id}-${tier}`);
  return names.length ? h("p", {}, "Its tiers: ", names.flatMap((name, place) => [place ? ", " : "", link.segment(name)])) : null;
}
