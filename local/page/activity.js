// What was not sent and why, where people stand in flows, and what went wrong underneath.

import { api, local, namesOf } from "./ask.js";
import { h, chip, time, empty, table, pairs } from "./dom.js";

const person = (name) => h("a", { href: `#/people/${encodeURIComponent(name)}` }, name);
const LIMIT = 200;
const PASSES = { finished: "good", replaced: "plain" };

export async function held() {
  const { messages } = await api(`messages?state=held&limit=${LIMIT}`);
  const failed = (await api(`messages?state=failed&limit=${LIMIT}`)).messages;
  const all = [...messages, ...failed];
  const names = await namesOf(all.map((row) => row.profile));
  const rows = all.map((row, place) =>
    [time(row.at), person(names[place]), row.template, chip(row.reason || row.state, row.state === "failed" ? "bad" : "warn")]);
  return [
    h("h1", {}, "Held back"),
    h("p", { class: "lead" }, "E-mails whose moment came and that were not sent, with the reason found at the last look."),
    rows.length ? table(["When", "Person", "What", "Why not"], rows) : empty("Nothing was held back yet"),
  ];
}

export async function runs() {
  const { runs: found, count } = await local("runs");
  const names = await namesOf(found.map((run) => run.profile));
  const rows = found.map((run, place) =>
    [time(run.started), person(names[place]), run.flow, run.due ? time(run.due) : "", run.outcome ? chip(run.outcome, "plain") : chip("under way", "good")]);
  return [
    h("h1", {}, "Flow runs"),
    h("p", { class: "lead" }, "One person’s way through one flow, latest first."),
    rows.length ? table(["When", "Person", "Flow", "Goes on", "State"], rows) : empty("No flow has started yet", h("p", {}, "A flow starts when somebody enters a segment or does something; the shipped ones are in definitions/flows.")),
    count > rows.length ? h("p", { class: "quiet" }, `The latest ${rows.length} of ${count} are shown.`) : null,
  ].filter(Boolean);
}

export async function system() {
  const [overview, { backfills }] = await Promise.all([local("overview"), api("backfills")]);
  const passes = backfills.map((pass) => [time(pass.began), pass.cause, chip(pass.state, PASSES[pass.state] ?? "plain"),
    `${pass.profiles.seen} of ${pass.profiles.about}`, `${pass.lanes.done} of ${pass.lanes.of}`]);
  const failures = overview.failures.map((failure) => [time(failure.at), failure.function, failure.message]);
  const dead = overview.dead_letters.map((letter) => [time(letter.at), `${letter.source} → ${letter.function}`, `${letter.message} (after ${letter.attempts} attempts)`]);
  const waiting = Object.fromEntries(Object.entries(overview.waiting).map(([name, number]) => [name, String(number)]));
  const calls = Object.fromEntries(Object.entries(overview.calls).map(([name, number]) => [name, String(number)]));
  const told = overview.announcements.map((item) => [item.kind, h("code", {}, JSON.stringify(item.detail))]).reverse();
  return [
    h("h1", {}, "Under the bonnet"),
    h("p", { class: "lead" }, "The functions that are deployed, running here one after the other."),
    h("div", { class: "cards" },
      h("div", { class: "card" }, h("h2", {}, "Calls of functions"), pairs(calls)),
      h("div", { class: "card" }, h("h2", {}, "Waiting"), pairs(waiting))),
    passes.length ? [h("h2", { style: "margin-top:24px" }, "Passes over everybody"),
      h("p", { class: "quiet" }, "Each publication is followed by one, which brings every profile up to it."),
      table(["Asked for", "For", "State", "People", "Lanes"], passes)] : [],
    h("h2", { style: "margin-top:24px" }, "Failures ", chip(String(overview.failure_count), overview.failure_count ? "bad" : "good")),
    failures.length ? table(["When", "Function", "What"], failures) : h("p", { class: "quiet" }, "No function has failed."),
    h("h2", { style: "margin-top:24px" }, "Dead letters ", chip(String(overview.dead_letter_count), overview.dead_letter_count ? "bad" : "good")),
    dead.length ? table(["When", "Where", "Why"], dead) : h("p", { class: "quiet" }, "Nothing was given up."),
    told.length ? [h("h2", { style: "margin-top:24px" }, "Announced on the event bus"), table(["Kind", "Detail"], told)] : [],
  ].flat();
}
