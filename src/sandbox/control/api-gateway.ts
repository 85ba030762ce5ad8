import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type HttpError,
  type HttpResponse,
  httpError,
  httpErrorOf,
  readBody,
  requestUrl,
  sendResponse,
} from "../http/http-messages.ts";
import { createRouter, type RouteMatch, type Routes } from "../http/router.ts";
import type { Call } from "../world/call-log.ts";
import { authenticate, type Caller, callerLabel } from "../world/caller.ts";
import type { FaultEffect } from "../world/faults.ts";
import type { World } from "../world/world.ts";

type ApiName = "webex" | "wholesale";

export interface ApiRoutes {
  readonly webex: Routes<Caller>;
  readonly wholesale: Routes<Caller>;
  readonly unauthenticated: Routes<undefined>;
}

interface ApiCall {
  readonly request: IncomingMessage;
  readonly api: ApiName;
  readonly method: string;
  readonly url: URL;
  readonly path: string;
}

/** Answers everything under `/v1`, and the services of devices: authenticates the caller, applies faults, routes the call and logs it. */
export function createApiGateway(world: World, routes: ApiRoutes) {
  const publicRouter = createRouter(routes.unauthenticated);
  const routers = { webex: createRouter(routes.webex), wholesale: createRouter(routes.wholesale) };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const time = new Date(world.clock()).toISOString();
    const apiCall = parseCall(request);
    const caller = authenticate(world, request.headers.authorization);
    const { match, by } = find(apiCall, caller);
    const route = typeof match === "string" ? `${apiCall.method} (${match})` : match.route;
    const { api, method, path, url } = apiCall;
    const byBot = by === "bot" || by === "wholesale";
    const effect = world.faults.applyTo({ api, method, path, route, byBot });
    if (effect.delayMs > 0) await world.faults.delay(effect.delayMs);
    const answer = await respond(apiCall, match, effect);
    const status = effect.drop ? 0 : answer.status;
    const ms = Math.round(performance.now() - startedAt);
    const call = { time, api, method, path, query: url.search.slice(1), status, by, ms };
    world.calls.record({ ...call, ...listMetadata(answer) }, route);
    if (effect.drop) return void request.socket.destroy();
    const date = new Date(world.clock()).toUTCString();
    sendResponse(response, { ...answer, headers: { ...answer.headers, date } });
  };

  /** The route of a call, bound to its caller. */
  function find({ api, method: asked, path }: ApiCall, caller: Caller | undefined) {
    const method = asked === "HEAD" ? "GET" : asked;
    const unlocked = publicRouter(method, path);
    if (typeof unlocked !== "string") return { match: bindCaller(unlocked, undefined), by: publicLabel(api, caller) };
    const match = routers[api](method, path);
    const by = callerLabel(caller);
    if (caller) return { match: typeof match === "string" ? match : bindCaller(match, caller), by };
    const handler = () => {
      throw httpError(401, "The request requires a valid access token set in the Authorization request header.");
    };
    return { match: typeof match === "string" ? match : { ...match, handler }, by };
  }
}

/** Only the integration asks for tokens of the Wholesale API. */
const publicLabel = (api: ApiName, caller: Caller | undefined): string =>
  api === "wholesale" ? api : callerLabel(caller);

type BoundRoute = RouteMatch<void>;

const bindCaller = <C>(match: RouteMatch<C>, caller: C): BoundRoute => ({
  ...match,
  handler: (ask) => match.handler(ask, caller),
});

function parseCall(request: IncomingMessage): ApiCall {
  const url = requestUrl(request);
  const path = url.pathname.replace(/^\/v1/, "");
  const api = /^\/(?:wholesale|organizations|access_token|authorize|authorizations)(?:\/|$)/.test(path)
    ? "wholesale"
    : "webex";
  return { request, api, method: request.method ?? "GET", url, path };
}

async function respond(apiCall: ApiCall, match: BoundRoute | string, effect: FaultEffect): Promise<HttpResponse> {
  const trackingId = `SANDBOX_${randomUUID()}`;
  try {
    const body = await readBody(apiCall.request);
    if (effect.status !== undefined && !effect.drop) {
      const echoed = effect.echo ? ` The request was: ${apiCall.request.headers.authorization} ${body}` : "";
      return faultResponse(effect.status, { ...effect, echoed }, { ...apiCall, trackingId });
    }
    if (match === "no such method") throw httpError(405, "The method is not supported here.");
    if (typeof match === "string") throw httpError(404, "The requested resource could not be found.");
    const { method, path, url, request } = apiCall;
    const base = `${url.origin}/v1`;
    const answer = await match.handler({
      method,
      path,
      id: match.id,
      query: url.searchParams,
      headers: request.headers,
      body,
      base,
      ...(effect.lie && { lie: effect.lie }),
      bareLinks: effect.bareLinks,
    });
    return { ...answer, headers: { ...answer.headers, trackingId } };
  } catch (error) {
    const httpError = httpErrorOf(error);
    if (!httpError) throw error;
    return errorResponse(httpError, { ...apiCall, trackingId });
  }
}

/** The number of items of a list, and if it has a next page. */
function listMetadata({ json, headers }: HttpResponse): Pick<Call, "items" | "hasNext"> {
  const items = typeof json === "object" && json !== null && "items" in json ? json.items : undefined;
  return Array.isArray(items) ? { items: items.length, hasNext: headers?.Link !== undefined } : {};
}

interface FaultAnswer extends FaultEffect {
  /** The part of the message that repeats the request. */
  readonly echoed: string;
}

interface Refused extends Pick<ApiCall, "api"> {
  readonly trackingId: string;
}

function faultResponse(status: number, { retryAfter, echoed }: FaultAnswer, refused: Refused): HttpResponse {
  const message = `A fault of the sandbox answers ${status}.${echoed}`;
  const answer = errorResponse({ status, message, errors: [message] }, refused);
  if (retryAfter === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "Retry-After": String(retryAfter) } };
}

/** Refusals of the Wholesale API have codes. Those of the real one are not public, so the status stands for them. */
function errorResponse({ status, message, errors }: HttpError, { api, trackingId }: Refused): HttpResponse {
  const code = api === "wholesale" ? { errorCode: status } : {};
  const json = { message, ...code, errors: errors.map((description) => ({ ...code, description })), trackingId };
  return { status, headers: { trackingId }, json };
}
