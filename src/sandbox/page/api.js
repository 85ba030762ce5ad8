const PAUSES_AT_MOST = 3;

/** The Webex REST API, as one person. */
export function createWebex(token) {
  const call = (method, path, body) => ask(`/v1${path}`, { method, body, token });
  return {
    rooms: async () => (await call("GET", "/rooms?max=200")).items,
    /** Newest first. */
    messages: async (query) => (await call("GET", `/messages?${new URLSearchParams(query)}`)).items,
    members: async (roomId) => (await call("GET", `/memberships?roomId=${encodeURIComponent(roomId)}`)).items,
    post: (message) => call("POST", "/messages", message),
    press: (messageId, inputs) => call("POST", "/attachment/actions", { type: "submit", messageId, inputs }),
    createRoom: (title) => call("POST", "/rooms", { title }),
    addMember: (roomId, personId) => call("POST", "/memberships", { roomId, personId }),
    removeMember: (membershipId) => call("DELETE", `/memberships/${encodeURIComponent(membershipId)}`),
    file: (address) => fetchFile(address, token),
  };
}

/** The sandbox's own levers. */
export const sandbox = {
  people: () => ask("/sandbox/people"),
  scenarios: () => ask("/sandbox/scenarios"),
  run: (name) => ask(`/sandbox/scenarios/${encodeURIComponent(name)}`, { method: "POST" }),
  customers: (query) => ask(`/sandbox/customers?${new URLSearchParams(query)}`),
  change: (id, patch) =>
    ask(`/sandbox/customers/${encodeURIComponent(id)}`, { method: "PATCH", body: patch }),
  addFault: (fault) => ask("/sandbox/faults", { method: "POST", body: fault }),
  endFault: (id) => ask(`/sandbox/faults/${encodeURIComponent(id)}`, { method: "DELETE" }),
  clearFaults: () => ask("/sandbox/faults", { method: "DELETE" }),
  calls: async () => (await ask("/sandbox/calls")).calls,
  clearCalls: () => ask("/sandbox/calls", { method: "DELETE" }),
  bot: (action) => ask("/sandbox/bot", { method: "POST", body: { action } }),
};

/** Asks, and waits when told to, as a good client does. Throws an Error whose message a person can read. */
async function ask(path, { method = "GET", body, token } = {}) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers["content-type"] = "application/json";
  const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  for (let pauses = 0; ; pauses++) {
    const response = await fetch(path, request).catch(() => {
      throw new Error("The sandbox did not answer. Is it still running?");
    });
    if (response.status === 429 && pauses < PAUSES_AT_MOST) {
      await pause(response.headers.get("retry-after"));
      continue;
    }
    if (response.ok) return response.status === 204 ? undefined : readJson(response);
    throw new Error(await reasonOf(response));
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, (Number(seconds) || 1) * 1000));

async function readJson(response) {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function reasonOf(response) {
  const answer = await response.json().catch(() => undefined);
  const said = answer?.message ?? answer?.errors?.[0]?.description ?? response.statusText;
  return `${response.status}: ${said}`;
}

/** A file of a message: its name, and its bytes as a `data:` address, which the page's CSP allows. */
async function fetchFile(address, token) {
  const { pathname, search } = new URL(address, location.href);
  const response = await fetch(`${pathname}${search}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(await reasonOf(response));
  const named = /filename="?([^";]+)"?/i.exec(response.headers.get("content-disposition") ?? "");
  const blob = await response.blob();
  return { name: named?.[1] ?? "file", size: blob.size, type: blob.type, data: await readAsData(blob) };
}

function readAsData(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
