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

// Names to show for profiles: an address each, else the first identifier. One call names the newest people.
export async function namesOf(profiles) {
  if (profiles.some((profile) => !names.get(profile)?.startsWith("email:"))) {
    for (const person of (await local("people")).people) names.set(person.id, bestName(person.identifiers));
  }
  const unknown = [...new Set(profiles)].filter((profile) => !names.has(profile));
  await Promise.all(unknown.map(async (profile) => {
    const person = await api(`profiles/${profile}`).catch(() => null);
    names.set(profile, (person && bestName(person.identifiers)) ?? profile);
  }));
  return profiles.map((profile) => names.get(profile));
}

export function bestName(identifiers) {
  return identifiers.find((name) => name.startsWith("email:")) ?? identifiers[0];
}
