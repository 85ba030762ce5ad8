import type { OutgoingHttpHeaders, RequestListener } from "node:http";
import { inject } from "light-my-request";
import { Agent, type Dispatcher, errors } from "undici";
import type { Connect } from "../../src/http.ts";
import type { Scheduler } from "./scheduler.ts";

/** What the network does with one call. */
export interface CallFate {
  /** Milliseconds until the call arrives, and then until its answer does. */
  readonly thereMs: number;
  readonly backMs: number;
  /** The connection is cut before the call arrives, before its answer leaves, or in the middle of the body of the answer. */
  readonly cut?: "before" | "after" | "half";
  /** The answer has this status and is not the server's, whether or not (`isCarriedOut`) the server got the call. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body with that status; an error of JSON when absent. */
  readonly body?: string;
  readonly isCarriedOut?: boolean;
}

export interface SimulatedCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SimulatedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Hands a call to a server in this process, without a socket. Rejects if the server closes the connection. */
export async function handOver(server: RequestListener, call: SimulatedCall, host: string): Promise<SimulatedAnswer> {
  const { method, path, headers, body } = call;
  const response = await inject(server, {
    method: method as "GET",
    url: path,
    headers: { ...headers, host },
    ...(body.length > 0 && { payload: body }),
  });
  return { status: response.statusCode, headers: textHeaders(response.headers), body: response.rawPayload };
}

interface NetworkDeps extends Pick<Scheduler, "sleep"> {
  readonly server: RequestListener;
  readonly fateOf: (call: SimulatedCall) => CallFate;
  /** Called with the status of each answer that arrives. */
  readonly onAnswer: (call: SimulatedCall, status: number) => void;
}

/** Makes undici call a server in this process. Each call takes as long, and fails, as `fateOf` says. */
export function createConnect(deps: NetworkDeps): Connect {
  return (options) =>
    new Agent(options).compose(() => (call, handler) => {
      void dispatch(deps, { call, handler, timeoutMs: options.headersTimeout ?? 0 });
      return true;
    });
}

interface Dispatch {
  readonly call: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  readonly timeoutMs: number;
}

async function dispatch(deps: NetworkDeps, { call, handler, timeoutMs }: Dispatch): Promise<void> {
  const { controller, over, stop } = createController();
  handler.onRequestStart?.(controller, {});
  const timeout = async (): Promise<never> => {
    await deps.sleep(timeoutMs, over);
    throw new errors.HeadersTimeoutError();
  };
  const aborted = new Promise<never>((_, reject) => over.addEventListener("abort", () => reject(controller.reason)));
  try {
    const { answer, isHalf } = await Promise.race([exchange(deps, call), aborted, timeout()]);
    handler.onResponseStart?.(controller, answer.status, { ...answer.headers }, "");
    handler.onResponseData?.(controller, isHalf ? answer.body.subarray(0, answer.body.length / 2) : answer.body);
    if (isHalf) throw new errors.SocketError("other side closed");
    handler.onResponseEnd?.(controller, {});
  } catch (error) {
    handler.onResponseError?.(controller, error as Error);
  } finally {
    aborted.catch(() => undefined);
    stop();
  }
}

/** The controller that undici's handlers expect, and a signal that ends all waits of the call. */
function createController() {
  const ending = new AbortController();
  let reason: Error | null = null;
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return reason !== null;
    },
    get reason() {
      return reason;
    },
    paused: false,
    abort(cause) {
      reason ??= cause;
      ending.abort();
    },
    pause: () => undefined,
    resume: () => undefined,
  };
  return { controller, over: ending.signal, stop: () => ending.abort() };
}

async function exchange({ sleep, server, fateOf, onAnswer }: NetworkDeps, options: Dispatcher.DispatchOptions) {
  const { method, path, origin } = options;
  const call = { method, path, headers: options.headers as Record<string, string>, body: await bytesOf(options.body) };
  const fate = fateOf(call);
  await sleep(fate.thereMs);
  if (fate.cut === "before") throw new errors.SocketError("other side closed");
  const isCarriedOut = fate.status === undefined || fate.isCarriedOut;
  const own = isCarriedOut ? await handOver(server, call, new URL(String(origin)).host) : undefined;
  await sleep(fate.backMs);
  if (fate.cut === "after") throw new errors.SocketError("other side closed");
  const answer = own !== undefined && fate.status === undefined ? own : faultAnswer(fate);
  if (fate.cut === undefined) onAnswer(call, answer.status);
  return { answer, isHalf: fate.cut === "half" };
}

async function bytesOf(body: Dispatcher.DispatchOptions["body"]): Promise<Buffer> {
  if (body === null || body === undefined) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function textHeaders(headers: OutgoingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
}

function faultAnswer({ status = 500, headers = {}, body }: CallFate): SimulatedAnswer {
  const text = body ?? JSON.stringify({ message: `The simulated network answers ${status}.` });
  return { status, headers: { "content-type": "application/json", ...headers }, body: Buffer.from(text) };
}
