// The mailbox: every e-mail that SES accepted, as it looks, and what a recipient may do with it.

import { api, local, nameOf, tell, unsubscribe, who } from "./ask.js";
import { h, time, empty, pairs, UNKNOWN } from "./dom.js";
import { link, reactions } from "./words.js";

const ACTIONS = { open: "Open", click: "Click", bounce: "Bounce", complaint: "Complain" };
const PARTS = { html: "As it looks", text: "Text", amp: "AMP", headers: "Headers", raw: "Raw" };
const SHOWN = 200;
let part = "html";

export async function mail([id], { act, draw }) {
  const mails = (await local("mailbox?brief=1")).reverse();
  if (!mails.length) {
    return [h("h1", {}, "Mailbox"), empty("No e-mail has gone out yet",
      h("p", {}, "Start a checkout for somebody who agreed to marketing, then move the clock by an hour."),
      h("p", {}, "What was held back, and why, is under ", h("a", { href: "#/held" }, "Held back"), "."))];
  }
  const chosen = id ?? mails[0].id;
  const list = h("nav", { class: "list", "aria-label": "E-mails, newest first" }, h("ul", {}, mails.slice(0, SHOWN).map((item) =>
    h("li", {}, h("a", { href: `#/mail/${item.id}`, "aria-current": item.id === chosen ? "true" : null },
      h("b", {}, item.subject || "(no subject)"), h("span", {}, h("i", {}, item.to), time(item.at)))))),
    mails.length > SHOWN ? h("p", { class: "quiet" }, `The latest ${SHOWN} of ${mails.length}.`) : null);
  return h("div", { class: `split ${id ? "reading" : ""}` }, list, await reading(chosen, act, draw));
}

async function reading(id, act, draw) {
  const item = await local(`mailbox/${id}`);
  const [known, sent] = await Promise.all([who(item.profile ? [item.profile] : []), message(item)]);
  const buttons = Object.entries(ACTIONS).map(([action, label]) =>
    h("button", { type: "button", onclick: () => act(() => tell(`mailbox/${id}/${action}`)) }, label));
  const unsubscribing = /<(https?:[^>]+)>/.exec(header(item, "List-Unsubscribe") ?? "");
  if (unsubscribing) buttons.push(h("button", { type: "button", onclick: () => act(() => unsubscribe(unsubscribing[1])) }, "One-click unsubscribe"));
  return h("article", { class: "card" },
    h("a", { class: "back", href: "#/mail" }, "‹ Mailbox"),
    h("h1", {}, item.subject || "(no subject)"),
    pairs({
      To: [item.profile ? [link.person(item.profile, known[item.profile]), ", "] : "", item.to].flat(),
      From: header(item, "From") ?? UNKNOWN,
      Sent: time(item.at),
      Because: sent ? [nameOf("flows", sent.flow), sent.reason ? `: ${sent.reason}` : ""] : UNKNOWN,
      "Since then": sent ? reactions(sent) : UNKNOWN,
    }),
    h("div", { class: "actions", role: "group", "aria-label": "What the recipient does" }, buttons),
    ...looks(item, draw));
}

// The ledger's row of the e-mail: opens, clicks, and why it was sent.
async function message(item) {
  if (!item.profile) return null;
  const found = await api(`profiles/${item.profile}/messages`).catch(() => null);
  return found?.messages.find((row) => row.ses_id === item.id) ?? null;
}

function looks(item, draw) {
  const tabs = Object.keys(PARTS).filter((name) => name === "headers" || item[name]);
  const current = () => tabs.includes(part) ? part : tabs[0];
  const shown = current();
  const go = (name) => { part = name; draw().then(() => document.getElementById(`tab-${name}`)?.focus()); };
  const keys = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    // From the tab that was asked for last: it may not be drawn yet.
    go(tabs[(tabs.indexOf(current()) + step + tabs.length) % tabs.length]);
  };
  return [
    h("div", { class: "subtabs", role: "tablist", "aria-label": "Parts of the e-mail", onkeydown: keys }, tabs.map((name) =>
      h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(name === shown), "aria-controls": "part", tabindex: name === shown ? "0" : "-1", onclick: () => go(name) }, PARTS[name]))),
    h("div", { id: "part", role: "tabpanel", "aria-labelledby": `tab-${shown}` }, body(item, shown)),
  ];
}

function body(item, name) {
  if (name === "html") return h("iframe", { sandbox: "allow-popups allow-popups-to-escape-sandbox", srcdoc: item.html, title: item.subject });
  if (name === "headers") return h("pre", { class: "wrap", tabindex: "0" }, Object.entries(item.headers).map(([key, value]) => `${key}: ${value}`).join("\n"));
  return h("pre", { class: "wrap", tabindex: "0" }, item[name]);
}

const header = (item, name) => Object.entries(item.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
