// The events of the shop's page: by Segment's own SDK where it is installed, else by requests as the SDK makes them.

const key = document.querySelector("script[data-key]").dataset.key;

function loaded(place) {
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: place, onload: done, onerror: failed });
    document.head.append(script);
  });
}

async function segment() {
  await loaded("/page/sdk.js");
  // Where to send to is told by /v1/projects/<key>/settings of the same host.
  const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL: location.origin });
  return { name: "Segment's SDK", page: () => analytics.page(), track: (event, properties) => analytics.track(event, properties) };
}

function requests() {
  const kept = JSON.parse(localStorage.getItem("ajs_anonymous_id")) ?? crypto.randomUUID();
  localStorage.setItem("ajs_anonymous_id", JSON.stringify(kept));
  const send = (path, more) => fetch(`/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: JSON.stringify({ writeKey: key, anonymousId: kept, messageId: crypto.randomUUID(), timestamp: new Date(), sentAt: new Date(), ...more }),
  });
  return { name: "plain requests", page: () => send("page", {}), track: (event, properties) => send("track", { event, properties }) };
}

async function tell() {
  const sender = await segment().catch(requests);
  const product = document.querySelector("[data-product]");
  if (!product) return void await sender.page();
  const { product: id, category, price } = product.dataset;
  const name = document.querySelector("h1").textContent;
  await sender.track("Product Viewed", { product_id: id, name, category, price: Number(price), currency: "EUR" });
  await fetch("/_local/settle", { method: "POST" });
  document.querySelector("#told").textContent = `Told by ${sender.name}: Product Viewed, ${category}.`;
}

document.querySelector("#later")?.addEventListener("click", async () => {
  await fetch("/_local/clock", { method: "POST", body: JSON.stringify({ advance: "1h" }) });
  document.dispatchEvent(new Event("segue:ask"));
});
tell();
