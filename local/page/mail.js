// The mailbox: every e-mail that SES accepted, as it looks, and what a recipient may do with it.

import { local, tell, unsubscribe, namesOf } from "./ask.js";
import { h, chip, time, empty, pairs } from "./dom.js";

const ACTIONS = { open: "Open", click: "Click", bounce: "Bounce", complaint: "Complain" };
let part = "html";

export async function mail([id], { act, draw }) {
  const mails = (await local("mailbox?brief=1")).reverse();
  if (!mails.length) {
    return [h("h1", {}, "Mailbox"), empty("No e-mail has gone out yet",
      h("p", {}, "Start a checkout for somebody who agreed to marketing, then move the clock by an hour."),
      h("p", {}, "What was held back, and why, is under ", h("a", { href: "#/held" }, "Held back"), "."))];
  }
  const chosen = id ?? mails[0].id;
  const list = h("ul", { class: "list" }, mails.slice(0, 200).map((item) =>
    h("li", {}, h("a", { href: `#/mail/${item.id}`, "aria-current": item.id === chosen ? "true" : null },
      h("b", {}, item.subject || "(no subject)"), h("span", {}, h("i", {}, item.to), time(item.at))))));
  return h("div", { class: `split ${id ? "reading" : ""}` }, list, await reading(chosen, act, draw));
}

async function reading(id, act, draw) {
  const item = await local(`mailbox/${id}`);
  const [who] = item.profile ? await namesOf([item.profile]) : [];
  const buttons = Object.entries(ACTIONS).map(([action, label]) =>
    h("button", { type: "button", onclick: () => act(() => tell(`mailbox/${id}/${action}`)) }, label));
  const link = /<(https?:[^>]+)>/.exec(header(item, "List-Unsubscribe") ?? "");
  if (link) buttons.push(h("button", { type: "button", onclick: () => act(() => unsubscribe(link[1])) }, "One-click unsubscribe"));
  const parts = { html: "As it looks", text: "Text", amp: "AMP", headers: "Headers", raw: "Raw" };
  const tabs = Object.keys(parts).filter((name) => name === "headers" || item[name]);
  const shownPart = tabs.includes(part) ? part : tabs[0];
  return h("article", { class: "card" },
    h("a", { class: "back", href: "#/mail" }, "‹ Mailbox"),
    h("h1", {}, item.subject || "(no subject)"),
    pairs({
      To: who ? h("a", { href: `#/people/${encodeURIComponent(who)}` }, item.to) : item.to,
      From: header(item, "From") ?? "",
      Sent: time(item.at),
      Cause: item.cause ? chip(item.cause) : "",
    }),
    h("div", { class: "actions" }, buttons),
    h("div", { class: "subtabs", role: "tablist" }, tabs.map((name) =>
      h("button", { type: "button", role: "tab", "aria-selected": String(name === shownPart), onclick: () => { part = name; draw(); } }, parts[name]))),
    body(item, shownPart));
}

function body(item, name) {
  if (name === "html") return h("iframe", { sandbox: "allow-popups allow-popups-to-escape-sandbox", srcdoc: item.html, title: item.subject });
  if (name === "headers") return h("pre", { class: "wrap" }, Object.entries(item.headers).map(([key, value]) => `${key}: ${value}`).join("\n"));
  return h("pre", { class: "wrap" }, item[name]);
}

const header = (item, name) => Object.entries(item.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
