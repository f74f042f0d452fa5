// Segments: how many, who, and what each means in words.

import { api, local } from "./ask.js";
import { h, chip, time, empty, table, section, UNKNOWN } from "./dom.js";
import { firstEvent } from "./start.js";
import { placeOf, withdrawing } from "./withdraw.js";
import { link } from "./words.js";

export async function segments([id], context) {
  return id ? one(id, context) : all();
}

async function all() {
  const found = (await api("segments?count=true")).segments;
  if (!found.length) return [h("h1", {}, "Segments"), empty("No segment is defined yet", h("p", {}, "Publish one from definitions/segments."))];
  const nobody = found.every((segment) => !segment.count);
  const cards = found.map((segment) =>
    h("a", { class: "card", href: `#/segments/${encodeURIComponent(segment.id)}` },
      h("header", {}, h("h2", {}, segment.name ?? segment.id), h("span", { class: "big" }, String(segment.count ?? UNKNOWN))),
      h("p", { class: "sentence" }, segment.sentence ?? "")));
  return [
    h("h1", {}, "Segments"),
    h("p", { class: "lead" }, "Who is in each of them at this very second. Move the clock and see them change."),
    nobody ? await firstEvent("Nobody is here yet") : null,
    h("div", { class: "cards" }, cards),
  ].filter(Boolean);
}

async function one(id, { more, act }) {
  const found = await local(`segments/${encodeURIComponent(id)}`);
  const members = [...found.members];
  let next = found.next;
  for (let page = 1; page < more.pages && next; page += 1) {
    const following = await local(`segments/${encodeURIComponent(id)}?next=${encodeURIComponent(next)}`);
    members.push(...following.members);
    next = following.next;
  }
  const rows = members.map((person) => [link.person(person.id, person), time(person.since) || UNKNOWN,
    person.until ? time(person.until) : "something happens", link.why(person.id, id)]);
  return [
    h("p", {}, h("a", { href: "#/segments" }, "‹ Segments")),
    h("h1", {}, found.name),
    h("p", { class: "lead" }, found.sentence ?? ""),
    found.score ? h("p", {}, "A tier of the score ", h("a", { href: placeOf("scores", found.score.id) }, found.score.name), ".") : null,
    h("details", {}, h("summary", {}, "The definition"), h("pre", { class: "wrap", tabindex: "0" }, found.text)),
    found.score ? null : h("div", { class: "actions" }, withdrawing("segments", id, found.name, { act })),
    section(["Members ", chip(String(found.count))], rows.length ? table(["Person", "Since", "At least until", "Why"], rows, "Members") : empty("Nobody is in it now")),
    next ? more.button(`Show more (${members.length} of ${found.count})`) : null,
  ].flat().filter(Boolean);
}
