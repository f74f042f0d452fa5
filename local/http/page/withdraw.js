// Withdrawing a definition; what refers to it stands in the way, and is named with a way there.

import { api, nameOf } from "./ask.js";
import { h } from "./dom.js";

export const KINDS = { segments: "segment", scores: "score", flows: "flow", templates: "template", events: "named event", rates: "table of rates", sources: "source" };
const OWN_PAGE = ["segments", "flows"];

export const placeOf = (kind, id) => `#/${OWN_PAGE.includes(kind) ? "" : "definitions/"}${kind}/${encodeURIComponent(id)}`;

export function withdrawing(kind, id, name, { act }) {
  const listed = OWN_PAGE.includes(kind) ? `#/${kind}` : "#/definitions";
  const withdraw = () => confirm(`Withdraw the ${KINDS[kind]} “${name}”?`) && act(async () => {
    try {
      await api(`definitions/${kind}/${encodeURIComponent(id)}`, "DELETE");
    } catch (error) {
      throw error.body?.referrers ? Object.assign(error, { shown: refusal(kind, name, error.body.referrers) }) : error;
    }
    location.hash = listed;
  });
  return h("button", { type: "button", onclick: withdraw }, "Withdraw");
}

function refusal(kind, name, referrers) {
  return [
    h("p", {}, `The ${KINDS[kind]} “${name}” was not withdrawn, since this refers to it:`),
    h("ul", {}, referrers.map((one) => h("li", {}, `the ${KINDS[one.kind] ?? one.kind} `,
      h("a", { href: placeOf(one.kind, one.id) }, nameOf(one.kind, one.id)), ` ${where(one.where)}`, one.line ? `, line ${one.line}` : ""))),
    h("p", {}, kind === "rates" ? "Publish the table with “rates: {}” to count the shop's currency alone." : "Change or withdraw that first."),
  ];
}

const PARTS = { when: "in its condition", start: "in how it starts", goal: "in its goal" };

// The path in the text in words: ``steps[1].send`` is in step 2.
function where(path) {
  const [, list, number] = /^(steps|rules)\[(\d+)\]/.exec(path) ?? [];
  if (list) return `in ${list.slice(0, -1)} ${Number(number) + 1}`;
  return PARTS[/^\w*/.exec(path)[0]] ?? (path ? `at ${path}` : "");
}
