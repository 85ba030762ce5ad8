import type { ListQuery } from "../../src/domain/customers/list-query.ts";
import type { FaultLog, LogFields } from "../../src/domain/ports/runtime.ts";
import type { Leases } from "../../src/domain/ports/snapshot.ts";
import type { StoredToken, Tokens } from "../../src/domain/ports/store.ts";
import { createHttp, type HttpOptions } from "../../src/http.ts";
import { createClient } from "../../src/wholesale/client.ts";
import type { AccessToken } from "../../src/wholesale/token.ts";
import { everyFault } from "../support/logs.ts";
import { type ReceivedRequest, type Script, type ScriptedResponse, startLoopback } from "../support/loopback.ts";
import { NO_SECRETS } from "../support/secrets.ts";

/** A customer as the API writes it. */
export interface ApiCustomer {
  readonly id: string;
  readonly status: string;
  readonly externalId?: string;
}

/** `rows(3, "error")`: error-0, error-1, error-2. */
export function rows(count: number, status: string): readonly ApiCustomer[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${status}-${index}`, status }));
}

export interface ApiOptions {
  /** How several `status` keys are understood: any of them, the last one, not at all, or as a bad request. */
  readonly multipleStatuses?: "any" | "last" | "ignored" | "rejected";
  /** Every page has a Link header; the last one's names no next page. */
  readonly links?: boolean;
  /** The largest page that is given, whatever `max` says. */
  readonly maxPageSize?: number;
  /** A `max` above this is answered with 504. */
  readonly timeoutAbove?: number;
}

/** The list API over these rows, as the API page has it. */
export function scriptedApi(
  all: readonly ApiCustomer[],
  options: ApiOptions = {},
): (request: ReceivedRequest) => ScriptedResponse {
  const { multipleStatuses = "any", links = false, maxPageSize = 1_000, timeoutAbove = 1_000 } = options;
  return ({ query, path, headers }) => {
    const statuses = query.getAll("status");
    if (statuses.length > 1 && multipleStatuses === "rejected") return { status: 400, json: { message: "Bad status" } };
    const max = Number(query.get("max"));
    if (max > timeoutAbove) return { status: 504 };
    const asked = multipleStatuses === "last" ? statuses.slice(-1) : statuses;
    const any = asked.length === 0 || (statuses.length > 1 && multipleStatuses === "ignored");
    const list = all.filter(({ status }) => any || asked.includes(status));
    const offset = Number(query.get("offset"));
    const end = offset + Math.min(max, maxPageSize);
    const next = new URLSearchParams(query);
    next.set("offset", `${end}`);
    const rel = end < list.length ? "next" : "first";
    const link = `<http://${headers.host}${path}?${next}>; rel="${rel}"`;
    return { json: { items: list.slice(offset, end) }, ...(links && { headers: { link } }) };
  };
}

export function listQuery(query: Partial<ListQuery> = {}): ListQuery {
  return { statuses: [], offset: 0, max: 10, ...query };
}

export interface LogEntry {
  readonly event: string;
  readonly fields: LogFields | undefined;
}

export function createTestLog(): FaultLog & { readonly lines: readonly LogEntry[] } {
  const lines: LogEntry[] = [];
  const write = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  return { lines, ...everyFault({ info: write, warn: write, error: write }) };
}

export function createTestTokens(first?: StoredToken): Tokens & { readonly saved: StoredToken[] } {
  const saved: StoredToken[] = first ? [first] : [];
  return { saved, read: async () => saved.at(-1), save: async (token) => void saved.push(token) };
}

/** The leases of one database. */
export function createTestLeases(): Leases {
  const held = new Map<string, { readonly holder: string; readonly until: number }>();
  return {
    async acquire(scope, holder, now, leaseMs) {
      const other = held.get(scope);
      if (other !== undefined && other.holder !== holder && other.until > now) return undefined;
      held.set(scope, { holder, until: now + leaseMs });
      return { scope, holder, epoch: 1 };
    },
    renew: async ({ scope, holder }) => held.get(scope)?.holder === holder,
    release: async ({ scope }) => void held.delete(scope),
  };
}

export const NOW = Date.UTC(2026, 10, 23);

/** Calls of a scripted server; they never really wait. */
export const connectHttp = (url: string, retries: number, sleep: HttpOptions["sleep"] = async () => {}) =>
  createHttp({ secrets: NO_SECRETS, baseUrl: `${url}/v1`, connections: 2, timeoutMs: 60_000, retries, sleep });

/** The client against a scripted server. */
export async function connectClient(script: Script, token: AccessToken = fixedToken) {
  const loopback = await startLoopback(script);
  const log = createTestLog();
  const http = connectHttp(loopback.url, 2);
  const client = createClient({ http, token, clock: () => NOW, log });
  const list = (query: Partial<ListQuery> = {}) => client.list(listQuery(query), { fresh: false });
  const get = (id: string) => client.get(id, { fresh: false, scope: "" });
  return { client, list, get, loopback, log, requests: loopback.requests };
}

export const fixedToken: AccessToken = { current: async () => "t0ken", afterRejection: async () => undefined };
