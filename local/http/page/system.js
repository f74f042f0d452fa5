// The machinery: what runs, what waits, what failed.

import { api, local, nameOf, who } from "./ask.js";
import { h, chip, time, table, pairs, section } from "./dom.js";
import { link } from "./words.js";

const PASSES = { finished: "good", replaced: "plain" };
const numbers = (object) => Object.fromEntries(Object.entries(object).map(([name, number]) => [name, number.toLocaleString("en")]));
const number = (count) => chip(String(count), count ? "bad" : "good");

export async function system() {
  const [overview, { backfills }] = await Promise.all([local("overview"), api("backfills")]);
  const passes = backfills.map((pass) => [time(pass.began), pass.cause, chip(pass.state, PASSES[pass.state] ?? "plain"),
    `${pass.profiles.seen} of ${pass.profiles.about}`, `${pass.lanes.done} of ${pass.lanes.of}`]);
  const failures = overview.failures.map((failure) => [time(failure.at), failure.function, failure.message]);
  const dead = overview.dead_letters.map((letter) => [time(letter.at), `${letter.source} → ${letter.function}`, `${letter.message} (after ${letter.attempts} attempts)`]);
  const known = await who(overview.announcements.flatMap(({ detail }) => detail.profile ?? []));
  const told = overview.announcements.map((item) => announcement(item, known)).reverse();
  return [
    h("h1", {}, "Under the bonnet"),
    h("p", { class: "lead" }, "The functions that are deployed, running here one after the other."),
    h("div", { class: "cards" },
      h("div", { class: "card" }, h("h2", {}, "Calls of functions"), pairs(numbers(overview.calls))),
      h("div", { class: "card" }, h("h2", {}, "Waiting"), pairs(numbers(overview.waiting)))),
    passes.length ? section("Backfills", [
      h("p", { class: "quiet" }, "Each publication is followed by one, which brings every profile up to it."),
      table(["Asked for", "For", "State", "People", "Lanes"], passes, "Backfills")]) : [],
    section(["Failures ", number(overview.failure_count)], failures.length ? table(["When", "Function", "What"], failures, "Failures") : h("p", { class: "quiet" }, "No function has failed.")),
    section(["Dead letters ", number(overview.dead_letter_count)], dead.length ? table(["When", "Where", "Why"], dead, "Dead letters") : h("p", { class: "quiet" }, "Nothing was given up.")),
    told.length ? section("Announced on the event bus", table(["When", "What", "Person", "Segment", "Cause"], told, "Announced")) : [],
  ].flat(2);
}

// The bus carries ids and seconds, which is what programs want.
function announcement({ kind, detail }, known) {
  const at = new Date(detail.at * 1000).toISOString().replace(".000", "");
  return [time(at), kind, link.person(detail.profile, known[detail.profile]), nameOf("segments", detail.segment), detail.cause];
}
