import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "../../src/sandbox/world/random.ts";

interface OddAnswer {
  readonly status: number;
  readonly body?: string;
}

const HTML = "<!doctype html><title>Sign in</title>";

const ODD_ANSWERS: readonly OddAnswer[] = [
  ...[400, 401, 403, 404, 405, 409, 410, 415, 428, 302].map((status) => ({
    status,
    body: `{"message":"Odd ${status}."}`,
  })),
  { status: 204 },
  ...[HTML, "", "null", "[]"].map((body) => ({ status: 200, body })),
];

/** The message or the press that a question is. A 404 says that its author has deleted it, which is not odd. */
const IS_QUESTION = /^\/v1\/(?:messages|attachment\/actions)\/[^/?]+$/;

interface OddProxyOptions {
  /** The address of the twins. */
  readonly url: string;
  readonly random: Random;
  /** Every call whose number is a multiple of it gets an odd answer. */
  readonly every: number;
  /** Called when a call has come in, before it is carried out. */
  readonly onCall?: () => void;
}

/** Stands between the bot and the twins, and gives some of the bot's calls an odd answer; half of these calls are carried out. */
export async function startOddProxy({ url, random, every, onCall }: OddProxyOptions) {
  let calls = 0;
  let odd = 0;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  const server = createServer(async (incoming, response) => {
    calls += 1;
    onCall?.();
    const body = await readWhole(incoming);
    if (body === undefined) return;
    if (calls % every !== 0) return passOn(url, { incoming, body }, response);
    odd += 1;
    const isQuestion = incoming.method === "GET" && IS_QUESTION.test(incoming.url ?? "");
    const answer = pick(ODD_ANSWERS.filter(({ status }) => status !== 404 || !isQuestion));
    if (random() < 0.5) await passOn(url, { incoming, body });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => ({ calls, odd }),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Undefined when the client ended in the middle. */
async function readWhole(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

interface Received {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** Resolves when the twins have answered; without a response their answer is dropped. */
function passOn(url: string, { incoming, body }: Received, response?: ServerResponse): Promise<void> {
  const { method, headers } = incoming;
  return new Promise((resolve) => {
    const call = forward(new URL(incoming.url ?? "/", url), { method, headers }, (answer) => {
      response?.writeHead(answer.statusCode ?? 502, answer.headers);
      if (response) answer.pipe(response);
      else answer.resume();
      answer.on("close", resolve);
    });
    call.on("error", () => {
      response?.destroy();
      resolve();
    });
    call.end(body);
  });
}
