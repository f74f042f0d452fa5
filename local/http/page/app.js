// The frame: which view is shown, its title and focus, the counts on the tabs. It draws again when something changed.

import { api, local, names, tell, SILENT } from "./ask.js";
import { OFTEN, moveOnClick, showClock } from "./clock.js";
import { h, morph } from "./dom.js";
import { definitions } from "./definitions.js";
import { flows } from "./flows.js";
import { held, quarantine } from "./held.js";
import { mail } from "./mail.js";
import { people } from "./people.js";
import { segments } from "./segments.js";
import { system } from "./system.js";
import { why } from "./why.js";

const VIEWS = { segments, people, mail, held, quarantine, flows, definitions, system, why };
// What is shown under another view's tab, and where older links lead.
const TABS = { why: "people" };
const MOVED = { runs: "flows" };
const view = document.getElementById("view");
const notice = document.getElementById("notice");
const QUIET = 2000;
let state = "";
let drawn = 0;
let shownHash = null;
let pages = 1;

function place() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const wanted = MOVED[name] ?? name;
  return [Object.hasOwn(VIEWS, wanted) ? wanted : "segments", rest.map(decodeURIComponent)];
}

export function say(text, kind = "") {
  notice.replaceChildren(...[text ?? ""].flat());
  notice.className = kind;
  notice.hidden = !text;
}

const more = {
  get pages() { return pages; },
  button: (label) => h("p", {}, h("button", { type: "button", onclick: () => { pages += 1; draw(); } }, label)),
};

async function draw() {
  const [name, rest] = place();
  const turn = ++drawn;
  const hash = location.hash;
  if (hash !== shownHash) pages = 1;
  let content;
  try {
    await names();
    content = await VIEWS[name](rest, { act, draw, more, say });
  } catch (error) {
    content = [h("h1", {}, "That could not be shown"), h("p", { class: "quiet" }, error.message)];
  }
  if (turn !== drawn) return;
  const next = h("main", {}, content);
  const anew = hash !== shownHash;
  if (anew) view.replaceChildren(...next.childNodes);
  else morph(view, next);
  frame(TABS[name] ?? name, anew && shownHash !== null);
  shownHash = hash;
}

function frame(tab, arrived) {
  for (const link of document.querySelectorAll("#tabs a")) {
    const here = link.getAttribute("href") === `#/${tab}`;
    if (here && !link.hasAttribute("aria-current")) link.scrollIntoView({ block: "nearest", inline: "center" });
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const heading = view.querySelector("h1");
  document.title = [heading?.textContent, "Segue, local"].filter(Boolean).join(" · ");
  if (!heading) return;
  heading.tabIndex = -1;
  if (arrived) heading.focus();
}

// Do something, wait until all is quiet, and draw what came of it.
async function act(deed) {
  const pressed = document.activeElement;
  const buttons = [...view.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  say();
  try {
    await deed();
    await tell("settle");
  } catch (error) {
    say(error.shown ?? error.message, "bad");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  if (pressed?.isConnected) pressed.focus();
  await look(true);
}

function count(tab, number, kind = "", most = 999) {
  const link = document.querySelector(`#tabs a[href="#/${tab}"]`);
  const text = number > most ? `${most}+` : String(number ?? "");
  const shown = link.querySelector(".count");
  if (!number) shown?.remove();
  else if (!shown) link.append(" ", h("span", { class: `count ${kind}` }, text));
  else if (shown.textContent !== text) shown.textContent = text;
}

const SEEN = 100;

async function countHeld() {
  const [messages, requests] = await Promise.all([`messages?state=held&limit=${SEEN}`, `quarantine?limit=${SEEN}`].map((path) => api(path).catch(() => null)));
  count("held", messages?.messages.length + (messages?.next ? 1 : 0), "", SEEN);
  count("quarantine", requests?.items.length + (requests?.next ? 1 : 0), "bad", SEEN);
}

const mark = (overview) => JSON.stringify([overview.calls, overview.now, overview.mails, overview.failure_count]);

async function look(always = false) {
  const overview = await local("overview").catch(() => null);
  if (overview === null) {
    // What could not be shown meanwhile is drawn as soon as there is an answer again.
    state = "";
    return say(SILENT, "bad");
  }
  if (notice.textContent === SILENT) say();
  showClock(overview);
  count("mail", overview.mails);
  count("system", overview.failure_count, "bad");
  if (always || mark(overview) !== state) {
    state = mark(overview);
    await draw();
    await countHeld();
    // What was asked just now counts as a call itself; it is no reason to draw again.
    const after = await local("overview").catch(() => overview);
    showClock(after);
    state = mark(after);
  }
  return overview;
}

async function watch() {
  const overview = document.hidden ? null : await look().catch(() => null);
  setTimeout(watch, overview?.moving ? OFTEN : QUIET);
}

moveOnClick(look, say);
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); view.querySelector("h1")?.focus(); });
addEventListener("hashchange", () => { say(); draw(); });
await look(true);
setTimeout(watch, QUIET);
