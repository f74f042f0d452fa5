// Segments: how many, who, and what each means in words.

import { api, namesOf } from "./ask.js";
import { h, chip, time, empty, table } from "./dom.js";
import { firstEvent } from "./start.js";

const SHOWN = 50;

export async function segments([id]) {
  return id ? one(id) : all();
}

async function all() {
  const found = (await api("segments?count=true")).segments;
  if (!found.length) return empty("No segment is defined yet", h("p", {}, "Publish one from definitions/segments."));
  const nobody = found.every((segment) => !segment.count);
  const cards = found.map((segment) =>
    h("a", { class: "card", href: `#/segments/${segment.id}` },
      h("header", {}, h("h2", {}, segment.name ?? segment.id), h("span", { class: "big" }, String(segment.count ?? ""))),
      h("p", { class: "sentence" }, segment.sentence ?? "")));
  return [
    h("h1", {}, "Segments"),
    h("p", { class: "lead" }, "Who is in each of them at this very second. Move the clock and see them change."),
    nobody ? await firstEvent("Nobody is here yet") : null,
    h("div", { class: "cards" }, cards),
  ].filter(Boolean);
}

async function one(id) {
  const [definition, members] = await Promise.all([api(`definitions/segments/${id}`), api(`segments/${id}/members?limit=${SHOWN}`)]);
  const names = await namesOf(members.members);
  const people = await Promise.all(members.members.map(async (profile, place) => {
    const name = names[place];
    const person = await api(`profiles/${profile}`).catch(() => null);
    const membership = person?.segments.find((segment) => segment.id === id);
    return [h("a", { href: `#/people/${encodeURIComponent(name)}` }, name), time(membership?.since), time(membership?.until)];
  }));
  return [
    h("p", {}, h("a", { href: "#/segments" }, "‹ Segments")),
    h("h1", {}, definition.name ?? id),
    h("p", { class: "lead" }, definition.sentence ?? ""),
    h("pre", { class: "wrap" }, definition.text),
    h("h2", {}, "Members ", chip(String(members.count))),
    people.length ? table(["Person", "Since", "Until at least"], people) : empty("Nobody is in it now"),
    members.count > SHOWN ? h("p", { class: "quiet" }, `The first ${SHOWN} are shown.`) : null,
  ].filter(Boolean);
}
