// Segue: shows parts of a shop's page by segment. How to use it: docs/audience.md
(() => {
  const page = document, given = page.currentScript.dataset, veil = new CSSStyleSheet();
  let turn = 0;
  veil.replaceSync("[data-segue-not] { visibility: hidden }");

  const cover = (on) => {
    const others = page.adoptedStyleSheets.filter((each) => each !== veil);
    page.adoptedStyleSheets = on ? [...others, veil] : others;
  };
  const device = () => {
    let found;
    try { found = localStorage.getItem("ajs_anonymous_id"); } catch { /* storage is off */ }
    found ||= decodeURIComponent(page.cookie.match(/\bajs_anonymous_id=([^;]+)/)?.[1] || "");
    return found.replace(/^"|"$/g, "");
  };
  const show = (ids) => {
    const any = (names) => names.split(" ").some((each) => ids.includes(each));
    page.querySelectorAll("[data-segue-segment]").forEach((each) => { each.hidden = !any(each.dataset.segueSegment); });
    page.querySelectorAll("[data-segue-not]").forEach((each) => { each.hidden = any(each.dataset.segueNot); });
  };
  const ask = async () => {
    const mine = ++turn, { user, userHash } = given;
    const who = user ? { userId: user, user_hash: userHash } : { anonymousId: device() };
    if (who.anonymousId === "") return;
    cover(true);
    try {
      const query = new URLSearchParams({ writeKey: given.key, ...who });
      const signal = AbortSignal.timeout(given.wait || 500);
      const answer = await fetch(`${given.api}/v1/audience?${query}`, { cache: "no-cache", signal });
      const ids = (await answer.json()).segments.map((each) => each.id);
      if (page.readyState === "loading") await new Promise((done) => page.addEventListener("DOMContentLoaded", done));
      if (mine === turn) show(ids);
    } catch { /* the page stays as it is */ }
    if (mine === turn) cover(false);
  };

  page.addEventListener("segue:ask", ask);
  page.addEventListener("segue:forget", () => { turn++; show([]); cover(false); });
  if (!("consent" in given)) ask();
})();
