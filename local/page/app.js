// The frame: which view is shown, the clock, the counts on the tabs. It draws again when something has changed.

import { local, tell, api } from "./ask.js";
import { h } from "./dom.js";
import { segments } from "./segments.js";
import { people } from "./people.js";
import { mail } from "./mail.js";
import { held, runs, system } from "./activity.js";

const VIEWS = { segments, people, mail, held, runs, system };
const view = document.getElementById("view");
const notice = document.getElementById("notice");
let state = "";
let drawn = 0;

function place() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return [VIEWS[name] ? name : "segments", rest.map(decodeURIComponent)];
}

export function say(text) {
  notice.textContent = text ?? "";
  notice.hidden = !text;
}

async function draw() {
  const [name, rest] = place();
  const turn = ++drawn;
  for (const tab of document.querySelectorAll("#tabs a")) {
    const here = tab.getAttribute("href") === `#/${name}`;
    if (here && !tab.hasAttribute("aria-current")) tab.scrollIntoView({ block: "nearest", inline: "center" });
    if (here) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  try {
    const content = await VIEWS[name](rest, { act, draw });
    if (turn === drawn) view.replaceChildren(...[content].flat());
  } catch (error) {
    if (turn === drawn) view.replaceChildren(h("div", { class: "empty" }, h("h2", {}, "That could not be shown"), h("p", {}, error.message)));
  }
}

// Do something, wait until all is quiet, and draw what came of it.
async function act(deed) {
  const buttons = [...document.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  say();
  try {
    await deed();
    await tell("settle");
  } catch (error) {
    say(error.message);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  await look(true);
}

function count(tab, number, kind = "") {
  const link = document.querySelector(`#tabs a[href="#/${tab}"]`);
  link.querySelector(".count")?.remove();
  if (number) link.append(h("span", { class: `count ${kind}` }, number > 999 ? "999+" : String(number)));
}

function showClock(text, virtual) {
  const moment = new Date(text);
  const words = moment.toLocaleString("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric" });
  document.getElementById("now").textContent = `${words}, ${text.slice(11, 19)} UTC`;
  document.getElementById("moves").hidden = !virtual;
}

async function look(always = false) {
  const overview = await local("overview").catch(() => null);
  if (overview === null) return say("The host does not answer. Is it still running?");
  if (notice.textContent.startsWith("The host")) say();
  showClock(overview.now, overview.virtual);
  count("mail", overview.mails);
  count("system", overview.failure_count, "bad");
  const next = JSON.stringify([overview.calls, overview.now, overview.mails, overview.failure_count]);
  if (always || next !== state) {
    state = next;
    await draw();
    const messages = await api("messages?state=held&limit=1000").catch(() => null);
    count("held", messages?.messages.length);
    // What was asked just now counts as a call itself; it is no reason to draw again.
    const after = await local("overview").catch(() => overview);
    state = JSON.stringify([after.calls, after.now, after.mails, after.failure_count]);
  }
}

document.getElementById("moves").addEventListener("click", (event) => {
  const span = event.target.dataset?.advance;
  if (span) act(() => tell("clock", { advance: span }));
});
addEventListener("hashchange", () => { say(); draw(); });
await look(true);
setInterval(() => { if (!document.hidden) look(); }, 2000);
