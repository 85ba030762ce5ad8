import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One call of the bot to either API. */
export interface ProxiedCall {
  readonly method: string;
  /** Below `/v1`, without the query: `/messages/abc`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string | Buffer;
}

/** Answers in the place of the twins; undefined where it has nothing to say. `forward` asks them. */
export type Rule = (
  call: ProxiedCall,
  forward: () => Promise<ProxiedAnswer>,
) => ProxiedAnswer | undefined | Promise<ProxiedAnswer | undefined>;

/** Stands between the bot and the twins and changes what they say. */
export async function startProxy(upstream: string) {
  const rules = new Set<Rule>();
  const calls: ProxiedCall[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readWhole(incoming);
    const url = new URL(incoming.url ?? "/", upstream);
    const call = {
      method: incoming.method ?? "GET",
      path: url.pathname.replace(/^\/v1/, ""),
      query: url.searchParams,
      headers: incoming.headers,
      body: bytes.toString(),
    };
    calls.push(call);
    const forward = () => forwardTo(upstream, incoming, bytes);
    for (const rule of rules) {
      const given = await rule(call, forward);
      if (given !== undefined) return send(response, given);
    }
    send(response, await forward());
  }

  const server = createServer({ keepAliveTimeout: 75_000 }, (incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Everything that the bot asked. */
    calls,
    /** Lets a rule answer. Returns what removes it. */
    intercept(rule: Rule): () => void {
      rules.add(rule);
      return () => void rules.delete(rule);
    },
    clear: () => rules.clear(),
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readWhole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

function send(response: ServerResponse, { status, headers = {}, body = "" }: ProxiedAnswer): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  response.removeHeader("transfer-encoding");
  if (status !== 204) response.setHeader("content-length", Buffer.byteLength(body));
  response.writeHead(status);
  response.end(status === 204 ? undefined : body);
}

function forwardTo(upstream: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    const passed = { ...headers, "content-length": String(body.length) };
    delete passed["transfer-encoding"];
    const call = request(new URL(url ?? "/", upstream), { method, headers: passed }, async (answered) => {
      const bytes = await readWhole(answered).catch(reject);
      if (bytes) resolve({ status: answered.statusCode ?? 0, headers: answered.headers, body: bytes });
    });
    call.on("error", reject);
    call.end(body);
  });
}

export const json = (value: unknown, status = 200, headers: ProxiedAnswer["headers"] = {}): ProxiedAnswer => ({
  status,
  headers: { "content-type": "application/json;charset=UTF-8", ...headers },
  body: JSON.stringify(value),
});

/** A rule for calls of this method and path that changes the JSON of the answer. */
export function rewrite(
  method: string,
  path: RegExp | string,
  change: (value: never, call: ProxiedCall) => unknown,
): Rule {
  return async (call, forward) => {
    if (!matches(call, method, path)) return undefined;
    const { status, headers = {}, body = "" } = await forward();
    return status === 200
      ? json(change(JSON.parse(String(body)) as never, call), 200, { link: headers.link })
      : { status, headers, body };
  };
}

/** A rule that answers calls of this method and path itself. */
export function replaceWith(method: string, path: RegExp | string, answer: ProxiedAnswer): Rule {
  return (call) => (matches(call, method, path) ? answer : undefined);
}

/** The same rule, for the first calls that it answers alone. */
export function times(count: number, rule: Rule): Rule {
  let left = count;
  return async (call, forward) => {
    if (left === 0) return undefined;
    left -= 1;
    const answer = await rule(call, forward);
    if (answer === undefined) left += 1;
    return answer;
  };
}

export function matches(call: ProxiedCall, method: string, path: RegExp | string): boolean {
  return call.method === method && (typeof path === "string" ? call.path === path : path.test(call.path));
}
