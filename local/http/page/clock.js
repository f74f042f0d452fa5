// The clock: where it stands, how far it is on its way, and the buttons that move it.

import { tell } from "./ask.js";

const moves = document.getElementById("moves");
const way = document.getElementById("way");
const wayText = document.getElementById("way-text");
// Milliseconds between two looks while the clock is on its way.
export const OFTEN = 200;
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

// ``look`` is asked until the clock has arrived, so that the way is seen as soon as it begins: the first look may come
// to the host before the move does.
export function moveOnClick(look, say) {
  moves.addEventListener("click", async (event) => {
    const span = event.target.dataset?.advance;
    if (!span) return;
    say();
    let underWay = true;
    const arrived = tell("clock", { advance: span }).catch((error) => say(error.message, "bad")).finally(() => { underWay = false; });
    const watching = (async () => {
      while (underWay) {
        await look();
        await new Promise((resolve) => setTimeout(resolve, OFTEN));
      }
    })();
    await arrived;
    await watching;
    await look(true);
    if (document.activeElement === document.body) event.target.focus();
  });
}
