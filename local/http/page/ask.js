// Everything the page knows it asks here: the product's own API, and /_local for what only a local run has.

let keys = null;

export const SILENT = "The host does not answer. Is it still running?";

async function call(path, options = {}) {
  const answer = await fetch(path, options).catch(() => { throw new Error(SILENT); });
  const text = await answer.text();
  const body = text ? JSON.parse(text) : null;
  if (!answer.ok) throw Object.assign(new Error(words(body, answer.status, path)), { status: answer.status, body });
  return body;
}

function words(body, status, path) {
  const faults = (body?.faults ?? []).map((fault) =>
    `${fault.where ? `${fault.where}: ` : ""}${fault.message}${fault.suggestion ? ` (${fault.suggestion})` : ""}`);
  return faults.join("; ") || `${status} ${path}`;
}

export async function allKeys() {
  keys ??= await call("/_local/keys");
  return keys;
}

const JSON_BODY = { "content-type": "application/json" };

export async function api(path, method = "GET", body = undefined) {
  const { admin_token: token } = await allKeys();
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : JSON_BODY) };
  const answer = await call(`/api/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return answer?.job ? resultOf(answer.job) : answer;
}

// What a job answers, which the host does before it tells of it.
async function resultOf(id) {
  const job = await api(`jobs/${id}?wait=25`);
  if (job.state === "done") return job.result;
  throw new Error(job.fault ?? `the job ${id} is ${job.state}`);
}

export const local = (path) => call(`/_local/${path}`);

export const tell = (path, body) => call(`/_local/${path}`, { method: "POST", headers: JSON_BODY, body: JSON.stringify(body ?? {}) });

export async function unsubscribe(url) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  if (!answer.ok) throw new Error(`the unsubscribe link answered ${answer.status}`);
}

// Names of what is published. They change when something is published, which this page hears of with its next view.
let named = null;

export async function names() {
  named = await local("names");
  return named;
}

export const nameOf = (kind, id) => named?.[kind]?.[id] ?? id ?? "?";
export const idsOf = (kind) => Object.keys(named?.[kind] ?? {}).sort((one, other) => nameOf(kind, one).localeCompare(nameOf(kind, other)));
export const shop = () => named ?? { currency: "EUR", money: [] };

// Who the profiles are, in one call whatever their number.
export const who = (profiles) => (profiles.length ? tell("people", { profiles: [...new Set(profiles)] }) : {});
