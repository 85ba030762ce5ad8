import { z } from "zod";
import { UNREPORTED } from "../domain/customers/customer.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { Subpartner, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";
import { text, textOf, unexpectedAnswer } from "./wire.ts";

/** The API's description calls the rows `items`, its own example `subPartners`. */
const page = z.union([
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
  z.object({ subPartners: z.array(z.unknown()) }).transform(({ subPartners }) => subPartners),
]);
const subpartner = z.object({
  orgId: z.string().min(1),
  provisioningState: text,
  name: text,
  displayName: text,
});
const organisation = z.object({ displayName: text });

const PAGE_ROWS = 100;
/** How many names are asked for while somebody waits for the list of sub-partners. */
const NAMES_AT_ONCE = 20;

/** The display name of an organisation; undefined when there is none of this id. */
export async function readOrganisationName(
  ask: AuthorizedRequest,
  orgId: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const path = `/organizations/${encodeURIComponent(orgId)}`;
  const response = await ask({ method: "GET", path, ...(signal && { signal }) });
  if (response.status === 404) return undefined;
  const parsed = organisation.safeParse(bodyOf(response));
  if (!parsed.success) throw unexpectedAnswer("an organisation", parsed.error);
  return textOf(parsed.data.displayName);
}

/**
 * The partners under the partner. Their list has no names, so these are read from the organisations, and kept; a token that
 * may not read those gets the list without.
 */
export function createSubpartnerReader(ask: AuthorizedRequest): () => Promise<readonly Subpartner[]> {
  const names = new Map<string, string | undefined>();
  let mayName = true;

  const learn = async ({ orgId }: Subpartner): Promise<void> => {
    try {
      if (mayName) names.set(orgId, await readOrganisationName(ask, orgId));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === "wholesale.forbidden") mayName = false;
    }
  };

  return async () => {
    const all = await readAll(ask);
    const unknown = all.filter(({ orgId, name }) => name === undefined && !names.has(orgId));
    await Promise.all(unknown.slice(0, NAMES_AT_ONCE).map(learn));
    return all.map((one) => {
      const name = one.name ?? names.get(one.orgId);
      return name === undefined ? one : { ...one, name };
    });
  };
}

async function readAll(ask: AuthorizedRequest): Promise<readonly Subpartner[]> {
  const found = new Map<string, Subpartner>();
  let rows = PAGE_ROWS;
  for (let offset = 0, more = true; more; offset += rows) {
    const query = { offset, max: PAGE_ROWS };
    const response = await ask({ method: "GET", path: "/wholesale/subPartners", query });
    const parsed = page.safeParse(bodyOf(response));
    if (!parsed.success) throw unexpectedAnswer("a list of sub-partners", parsed.error);
    rows = parsed.data.length;
    const known = found.size;
    for (const one of parsed.data.flatMap(subpartnerOf)) found.set(one.orgId, one);
    more = found.size > known && (response.hasNext || rows >= PAGE_ROWS);
  }
  return [...found.values()];
}

function bodyOf(response: HttpResponse): unknown {
  if (response.status >= 300) throw failureOf(response);
  return response.json();
}

function subpartnerOf(row: unknown): readonly Subpartner[] {
  const parsed = subpartner.safeParse(row);
  if (!parsed.success) return [];
  const { orgId, provisioningState, name, displayName } = parsed.data;
  const told = textOf(name) ?? textOf(displayName);
  return [{ orgId, state: textOf(provisioningState) ?? UNREPORTED, ...(told !== undefined && { name: told }) }];
}

interface SubpartnerList {
  readonly list: readonly Subpartner[];
  readonly readAt: number;
}

/** They change seldom, and every card of a bound space names its own. */
const CACHE_MS = 60_000;

/** The sub-partners as read within the last minute; those who come while that is under way share it. */
export function createCachedSubpartners(
  walk: Pick<WholesaleCrawler, "subpartners">,
  clock: Clock,
): () => Promise<SubpartnerList> {
  let kept: { readonly read: Promise<SubpartnerList>; readonly askedAt: number } | undefined;
  const ask = async (): Promise<SubpartnerList> => ({ list: await walk.subpartners(), readAt: clock() });
  return () => {
    if (kept !== undefined && clock() - kept.askedAt < CACHE_MS) return kept.read;
    const read = ask();
    kept = { read, askedAt: clock() };
    read.catch(() => {
      if (kept?.read === read) kept = undefined;
    });
    return read;
  };
}
