// What to do first: a request that can be pasted into a terminal as it is.

import { allKeys } from "./ask.js";
import { empty, h } from "./dom.js";

export async function firstEvent(title) {
  const { server_key: key } = await allKeys();
  const body = (event) => JSON.stringify(event, null, 1).replaceAll("\n", "").replaceAll("'", "’");
  const say = (path, event) => `curl -u '${key}:' -H 'Content-Type: application/json' ${location.origin}/v1/${path} -d '${body(event)}'`;
  const commands = [
    say("identify", { userId: "42", traits: { email: "ann@example.org", first_name: "Ann", email_marketing_consent: "subscribed" } }),
    say("track", { userId: "42", event: "Checkout Started", properties: { cart_id: "c1", value: 59.9, products: [{ product_id: "p1", name: "Mug", price: 59.9, quantity: 1 }] } }),
  ];
  return empty(title,
    h("p", {}, "Send your first event: Ann signs up and starts a checkout. Then move the clock by an hour and look into the mailbox."),
    h("pre", { class: "wrap" }, commands.join("\n")));
}
