const MAX_RETRIES = 3;

/** The Webex REST API, as one person. */
export function createWebexClient(token) {
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
    describeFile: (address) => describeFile(address, token),
    file: async (address) => (await fetchFile(address, token, "GET")).blob(),
  };
}

/** The control API of the sandbox. */
export const sandbox = {
  people: () => ask("/sandbox/people"),
  scenarios: () => ask("/sandbox/scenarios"),
  sampleErrors: () => ask("/sandbox/errors"),
  run: (name) => ask(`/sandbox/scenarios/${encodeURIComponent(name)}`, { method: "POST" }),
  customers: (query) => ask(`/sandbox/customers?${new URLSearchParams(query)}`),
  change: (id, patch) => ask(`/sandbox/customers/${encodeURIComponent(id)}`, { method: "PATCH", body: patch }),
  addFault: (fault) => ask("/sandbox/faults", { method: "POST", body: fault }),
  endFault: (id) => ask(`/sandbox/faults/${encodeURIComponent(id)}`, { method: "DELETE" }),
  changeBehaviour: (change) => ask("/sandbox/behaviour", { method: "POST", body: change }),
  /** Calls and webhooks, each oldest first. */
  traffic: () => ask("/sandbox/calls"),
  clearCalls: () => ask("/sandbox/calls", { method: "DELETE" }),
  lint: async (messageId) => (await ask(`/sandbox/messages/${encodeURIComponent(messageId)}/lint`)).findings,
  changeClock: (change) => ask("/sandbox/clock", { method: "POST", body: change }),
  bot: (action) => ask("/sandbox/bot", { method: "POST", body: { action } }),
};

/** Waits and retries after a 429. Throws an Error with a message for people. */
async function ask(path, { method = "GET", body, token } = {}) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers["content-type"] = "application/json";
  const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  for (let retries = 0; ; retries++) {
    const response = await fetch(path, request).catch(() => {
      throw new Error("The sandbox did not answer. Is it still running?");
    });
    if (response.status === 429 && retries < MAX_RETRIES) {
      await pause(response.headers.get("retry-after"));
      continue;
    }
    if (response.ok) return response.status === 204 ? undefined : readJson(response);
    throw new Error(await errorText(response));
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, (Number(seconds) || 1) * 1000));

async function readJson(response) {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function errorText(response) {
  const answer = await response.json().catch(() => undefined);
  const reason = answer?.message ?? answer?.errors?.[0]?.description ?? response.statusText;
  return `${response.status}: ${reason}`;
}

/** A file's name, size and type, without its bytes. */
async function describeFile(address, token) {
  const { headers } = await fetchFile(address, token, "HEAD");
  return {
    name: fileName(headers.get("content-disposition") ?? ""),
    size: Number(headers.get("content-length")),
    type: headers.get("content-type"),
  };
}

async function fetchFile(address, token, method) {
  const { pathname, search } = new URL(address, location.href);
  const response = await fetch(`${pathname}${search}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(await errorText(response));
  return response;
}

function fileName(disposition) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  if (encoded) return decodeURIComponent(encoded[1]);
  return /filename="([^"]+)"/i.exec(disposition)?.[1] ?? "file";
}
