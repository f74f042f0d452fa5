// Flows: what they do, whether they are on, and where people stand in them.

import { api, local, nameOf, who } from "./ask.js";
import { h, chip, time, empty, table, section, UNKNOWN } from "./dom.js";
import { withdrawing } from "./withdraw.js";
import { link } from "./words.js";

const STATES = { active: "good", draining: "warn", paused: "warn" };
const MOVES = { paused: "Pause", draining: "Let it run out", active: "Resume" };
const MEANS = { active: "Starts and sends.", draining: "Nothing starts; who is under way goes on.", paused: "Nothing starts and nothing is sent." };

export async function flows([id], { act }) {
  return id ? one(id, act) : all();
}

async function all() {
  const [{ flows: found }, { runs, count, more }] = await Promise.all([local("flows"), local("runs")]);
  const cards = found.map((flow) => h("a", { class: "card", href: `#/flows/${encodeURIComponent(flow.id)}` },
    h("header", {}, h("h2", {}, nameOf("flows", flow.id)), state(flow)), h("p", { class: "sentence" }, steps(flow.json))));
  const known = await who(runs.map((run) => run.profile));
  return [
    h("h1", {}, "Flows"),
    h("p", { class: "lead" }, "What follows when somebody enters a segment or does something. Choose one to pause it or to read it."),
    cards.length ? h("div", { class: "cards" }, cards) : empty("No flow is published"),
    section("Runs", runs.length ? table(["When", "Person", "Flow", "Goes on", "State"], runs.map((run) => row(run, known)), "Runs")
      : empty("No flow has started yet", h("p", {}, "The shipped ones are in definitions/flows."))),
    count > runs.length ? h("p", { class: "quiet" }, `The latest ${runs.length} of ${count}${more ? " or more" : ""} are shown.`) : null,
  ].flat().filter(Boolean);
}

async function one(id, act) {
  const flow = await api(`definitions/flows/${encodeURIComponent(id)}`);
  const now = flow.json.state ?? "active";
  const moves = Object.entries(MOVES).filter(([other]) => other !== now).map(([other, label]) =>
    h("button", { type: "button", onclick: () => act(() => api(`flows/${encodeURIComponent(id)}/state`, "PUT", { state: other })) }, label));
  return [
    h("p", {}, h("a", { href: "#/flows" }, "‹ Flows")),
    h("h1", {}, flow.name),
    h("p", { class: "lead" }, steps(flow.json)),
    h("p", {}, state(flow), " ", h("span", { class: "quiet" }, MEANS[now] ?? "")),
    h("div", { class: "actions", role: "group", "aria-label": "The flow’s state" }, moves,
      withdrawing("flows", id, flow.name, { act })),
    section("The definition", h("pre", { class: "wrap", tabindex: "0" }, flow.text)),
  ].flat();
}

const state = (flow) => chip(flow.json.state ?? "active", STATES[flow.json.state ?? "active"] ?? "plain");

const SPANS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

function span(seconds) {
  const [size, unit] = SPANS.find(([each]) => seconds % each === 0);
  return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
}

// The flow in one line, as far as its steps are of the kinds known here.
function steps({ start, steps: all }) {
  const begins = start.segment ? `${start.on === "leave" ? "Leaves" : "Enters"} “${nameOf("segments", start.segment)}”`
    : (start.events ?? [UNKNOWN]).map((event) => (event.named ? `“${nameOf("events", event.named)}”` : event)).join(" or ");
  const follow = (all ?? []).map((step) =>
    step.do === "wait" ? `wait ${span(step.span)}` : step.do === "send" ? `send “${nameOf("templates", step.template)}”` : step.do);
  return [begins, ...follow].join(" → ");
}

function row(run, known) {
  const outcome = run.outcome ? chip(run.outcome, "plain") : run.paused ? chip("paused", "warn") : chip("under way", "good");
  return [time(run.started), link.person(run.profile, known[run.profile]), nameOf("flows", run.flow), run.due ? time(run.due) : "", outcome];
}
