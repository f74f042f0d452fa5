// Everything the page knows it asks here: the product's own API, and /_local for what only a local run has.

let keys = null;

async function call(path, options = {}) {
  const answer = await fetch(path, options);
  const text = await answer.text();
  const body = text ? JSON.parse(text) : null;
  if (!answer.ok) {
    const fault = body?.faults?.[0];
    throw Object.assign(new Error(fault ? `${fault.where ? `${fault.where}: ` : ""}${fault.message}` : `${answer.status} ${path}`), { status: answer.status });
  }
  return body;
}

export async function allKeys() {
  keys ??= await call("/_local/keys");
  return keys;
}

export async function api(path) {
  const { admin_token: token } = await allKeys();
  return call(`/api/${path}`, { headers: { authorization: `Bearer ${token}` } });
}

export const local = (path) => call(`/_local/${path}`);

export const tell = (path, body) =>
  call(`/_local/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });

export async function unsubscribe(url) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  if (!answer.ok) throw new Error(`the unsubscribe link answered ${answer.status}`);
}

const names = new Map();

// A name to show for a profile: its address, else its first identifier.
export async function nameOf(profile) {
  if (!names.has(profile)) {
    const person = await api(`profiles/${profile}`).catch(() => null);
    if (person === null) return { id: profile, name: profile };
    names.set(profile, { id: profile, name: bestName(person.identifiers) ?? profile });
  }
  return names.get(profile);
}

export function bestName(identifiers) {
  return identifiers.find((name) => name.startsWith("email:")) ?? identifiers[0];
}
