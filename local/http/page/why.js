// Why somebody is in a segment, or is not: every condition with its verdict, and what would change it.

import { api, nameOf, shop } from "./ask.js";
import { h, hidden, time, table, section, empty } from "./dom.js";
import { called } from "./people.js";
import { link } from "./words.js";

export async function why([asked, segment]) {
  const person = await api(asked.includes(":") ? `profiles?identifier=${encodeURIComponent(asked)}` : `profiles/${encodeURIComponent(asked)}`);
  const found = await api(`profiles/${person.id}/explain/${encodeURIComponent(segment)}`);
  const name = called(person);
  return [
    h("p", {}, h("a", { href: `#/people/${encodeURIComponent(person.id)}` }, `‹ ${name}`)),
    h("h1", {}, `Why ${name} is ${found.holds ? "" : "not "}in “${nameOf("segments", segment)}”`),
    h("p", { class: "lead" }, standing(found), " ", link.segment(segment)),
    h("ul", { class: "tree" }, condition(found.tree)),
    changes(found),
    section("Every stay", found.history.length ? table(["Entered", "By", "Left", "By"], found.history.map(stay), "Every stay") : empty("Never in it so far")),
  ].flat(2);
}

function standing({ holds, since, until }) {
  const began = holds && since ? ["In since ", time(since), ". "] : [];
  if (holds) return [...began, until ? ["If nothing happens, it stays so until ", time(until), " at least."] : "Time alone changes nothing: only something that happens can end it."].flat();
  return until ? ["If nothing happens, time may change this at ", time(until), "."] : ["Time alone changes nothing: something has to happen."];
}

const GROUPS = { and: "all of these", or: "any of these", not: "not this" };

function condition(node) {
  const inner = node.of?.length ? h("ul", { class: "tree" }, node.of.map(condition)) : null;
  const sentence = inner && GROUPS[node.op] ? GROUPS[node.op] : node.sentence ?? node.text;
  const told = facts(node.facts ?? {});
  return h("li", { class: node.holds ? "holds" : "fails" },
    h("span", { class: "mark", "aria-hidden": "true" }, node.holds ? "✓" : "✗"), hidden(node.holds ? "true: " : "false: "),
    h("span", {}, sentence, told.length ? h("span", { class: "quiet" }, " — ", told) : "",
      node.until ? h("span", { class: "quiet" }, node.holds ? " (at least until " : " (until ", time(node.until), node.holds ? ")" : " at least)") : ""),
    inner);
}

const WORDS = { counted: (n) => (n === 1 ? "once so far" : `${n} times so far`), or_more: () => null };
const LISTED = { times: "at", started: "began", unanswered: "still open since" };
const MOST = 3;

function facts(told) {
  const parts = Object.entries(told).flatMap(([name, value]) => {
    const said = fact(name, value);
    return said === null ? [] : [said];
  });
  return parts.flatMap((part, place) => (place ? ["; ", part] : [part]));
}

function fact(name, value) {
  if (value === null || value === undefined || (Array.isArray(value) && !value.length)) return null;
  if (WORDS[name]) return WORDS[name](value);
  if (Array.isArray(value)) {
    const first = value.slice(0, MOST).flatMap((each, place) => [place ? ", " : "", plain(each)]);
    return [`${LISTED[name] ?? name.replaceAll("_", " ")} `, ...first, value.length > MOST ? ` and ${value.length - MOST} more` : ""];
  }
  return [`${name.replaceAll("_", " ")} `, plain(value)];
}

function plain(value) {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return time(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
}

// The conditions that stand in the way of the other verdict, as far as and, or and not tell.
function changes({ tree, holds }) {
  const needed = needs(tree, !holds);
  const list = h("ul", {}, needed.items.map((item) => h("li", {}, item)));
  return section(holds ? "What would take them out" : "What would bring them in", [h("p", {}, needed.head), list]);
}

function needs(node, wanted) {
  const leaves = wants(node, wanted);
  const head = leaves.every ? (leaves.items.length > 1 ? "All of this together:" : "This:") : "Any one of these:";
  return { head, items: leaves.items };
}

function wants(node, wanted) {
  if (node.op === "not" && node.of?.length) return wants(node.of[0], !wanted);
  if (!node.of?.length || !GROUPS[node.op]) {
    return { every: true, items: [wanted ? they(node) : `no longer true that ${they(node)}`] };
  }
  const blocking = node.of.filter((child) => child.holds !== wanted);
  const every = (node.op === "and") === wanted;
  const parts = blocking.map((child) => wants(child, wanted));
  const items = parts.map((part) => (part.items.length === 1 ? part.items[0] : `(${part.items.join(part.every ? "; and " : "; or ")})`));
  return { every, items };
}

// A sentence with its subject: what is said of a trait is said of something that they have.
function they({ op, sentence, text }) {
  const said = sentence ?? text;
  if (said.startsWith("whose ")) return `their ${said.slice("whose ".length)}`;
  return op === "trait" ? `their ${said}` : `they ${said}`;
}

const CAUSES = { time: "time passed" };

function stay(row) {
  const by = (cause, edits) => (cause === "definition" ? `an edit: ${(edits ?? []).map((edit) => `${nameOf(edit.kind, edit.id)} (version ${edit.version})`).join(", ")}` : CAUSES[cause] ?? cause ?? "");
  return [time(row.entered), by(row.cause, row.edits), row.left ? time(row.left) : "still in", row.left ? by(row.left_by, row.left_edits) : ""];
}

// A segment to ask about, on the page of a person.
export function choose(person) {
  const options = Object.entries(shop().segments ?? {}).sort(([, one], [, other]) => one.localeCompare(other));
  const ask = (event) => {
    event.preventDefault();
    location.hash = `#/why/${encodeURIComponent(person.id)}/${encodeURIComponent(event.target.segment.value)}`;
  };
  return h("form", { class: "ask", onsubmit: ask },
    h("label", {}, "Why in, or why not in ", h("select", { name: "segment" }, options.map(([id, name]) => h("option", { value: id }, name)))),
    h("button", {}, "Why?"));
}
