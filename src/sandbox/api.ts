import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Caller, identify, labelOf } from "./callers.ts";
import type { Call } from "./calls.ts";
import { type Answer, type Refusal, refusalOf, refuse } from "./exchange.ts";
import type { Blow } from "./faults.ts";
import { readBody, send, urlOf } from "./http.ts";
import { createRouter, type Match, type Routes } from "./routes.ts";
import type { World } from "./world.ts";

type Api = "webex" | "wholesale";

export interface ApiRoutes {
  readonly webex: Routes<Caller>;
  readonly wholesale: Routes<Caller>;
  /** What is asked without a token. */
  readonly open: Routes<undefined>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly api: Api;
  readonly method: string;
  readonly url: URL;
  readonly path: string;
}

/** Everything under `/v1`: who asks, what is wrong at the moment, the answer, and a line for the list of calls. */
export function createApi(world: World, routes: ApiRoutes) {
  const open = createRouter(routes.open);
  const closed = { webex: createRouter(routes.webex), wholesale: createRouter(routes.wholesale) };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = performance.now();
    const time = new Date(world.clock()).toISOString();
    const exchange = read(request);
    const caller = identify(world, request.headers.authorization);
    const { match, by } = find(exchange, caller);
    const route = typeof match === "string" ? `${exchange.method} (${match})` : match.route;
    const { api, method, path, url } = exchange;
    const byBot = by === "bot" || by === "wholesale";
    const blow = world.faults.strike({ api, method, path, route, byBot });
    if (blow.delayMs > 0) await pause(blow.delayMs, undefined, { ref: false });
    const answer = await respond(exchange, match, blow);
    const status = blow.drop ? 0 : answer.status;
    const ms = Math.round(performance.now() - began);
    const call = { time, api, method, path, query: url.search.slice(1), status, by, ms };
    world.calls.record({ ...call, ...listedIn(answer) }, route);
    if (blow.drop) request.socket.destroy();
    else send(response, answer);
  };

  /** What is to answer, with the caller already in its hand. */
  function find({ api, method: asked, path }: Exchange, caller: Caller | undefined) {
    const method = asked === "HEAD" ? "GET" : asked;
    const unlocked = open(method, path);
    if (typeof unlocked !== "string") return { match: bind(unlocked, undefined), by: "wholesale" };
    const match = closed[api](method, path);
    const by = labelOf(caller);
    if (caller) return { match: typeof match === "string" ? match : bind(match, caller), by };
    const answer = () => {
      throw refuse(401, "The request requires a valid access token set in the Authorization request header.");
    };
    return { match: typeof match === "string" ? match : { ...match, answer }, by };
  }
}

type Bound = Match<void>;

const bind = <C>(match: Match<C>, caller: C): Bound => ({
  ...match,
  answer: (ask) => match.answer(ask, caller),
});

function read(request: IncomingMessage): Exchange {
  const url = urlOf(request);
  const path = url.pathname.replace(/^\/v1/, "");
  const api = /^\/(?:wholesale|organizations|access_token)(?:\/|$)/.test(path) ? "wholesale" : "webex";
  return { request, api, method: request.method ?? "GET", url, path };
}

async function respond(exchange: Exchange, match: Bound | string, blow: Blow): Promise<Answer> {
  const trackingId = `SANDBOX_${randomUUID()}`;
  try {
    const body = await readBody(exchange.request);
    if (blow.status !== undefined && !blow.drop) return struck(blow.status, blow, trackingId);
    if (match === "no such method") throw refuse(405, "The method is not supported here.");
    if (typeof match === "string") throw refuse(404, "The requested resource could not be found.");
    const { method, path, url, request } = exchange;
    const base = `${url.origin}/v1`;
    const answer = await match.answer({
      method,
      path,
      id: match.id,
      query: url.searchParams,
      headers: request.headers,
      body,
      base,
      ...(blow.lie && { lie: blow.lie }),
    });
    return { ...answer, headers: { ...answer.headers, trackingId } };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refused(refusal, trackingId);
  }
}

/** What a list says of itself. */
function listedIn({ json, headers }: Answer): Pick<Call, "items" | "hasNext"> {
  const items = typeof json === "object" && json !== null && "items" in json ? json.items : undefined;
  return Array.isArray(items) ? { items: items.length, hasNext: headers?.Link !== undefined } : {};
}

function struck(status: number, { retryAfter }: Blow, trackingId: string): Answer {
  const message = `The sandbox was told to answer ${status}.`;
  const answer = refused({ status, message, errors: [message] }, trackingId);
  if (retryAfter === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "Retry-After": String(retryAfter) } };
}

/** A refusal as Webex writes it. */
function refused({ status, message, errors }: Refusal, trackingId: string): Answer {
  const json = { message, errors: errors.map((description) => ({ description })), trackingId };
  return { status, headers: { trackingId }, json };
}
