// The clock: where it stands, how far it is on its way, and the buttons that move it.

import { tell } from "./ask.js";

const moves = document.getElementById("moves");
const way = document.getElementById("way");
const wayText = document.getElementById("way-text");
const DAY = { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric" };

const words = (text) => `${new Date(text).toLocaleString("en-GB", DAY)}, ${text.slice(11, 19)} UTC`;

export function showClock({ now, virtual, moving }) {
  document.getElementById("now").textContent = words(now);
  moves.hidden = !virtual;
  for (const button of moves.querySelectorAll("button")) button.disabled = Boolean(moving);
  way.hidden = wayText.hidden = !moving;
  if (!moving) return;
  const [from, to] = [moving.from, moving.to].map(Date.parse);
  way.value = to > from ? (Date.parse(now) - from) / (to - from) : 1;
  const text = `on its way to ${words(moving.to)}`;
  if (wayText.textContent !== text) wayText.textContent = text;
}

// ``look`` is asked at once, so that the way is seen as soon as it begins, and when it has ended.
export function moveOnClick(look, say) {
  moves.addEventListener("click", async (event) => {
    const span = event.target.dataset?.advance;
    if (!span) return;
    say();
    const arrived = tell("clock", { advance: span }).catch((error) => say(error.message, "bad"));
    look();
    await arrived;
    await look(true);
    if (document.activeElement === document.body) event.target.focus();
  });
}
