import { z } from "zod";
import { UNREPORTED } from "../domain/customers/customer.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { OrganisationName, Subpartner, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";
import { id, text, textOf, unexpectedAnswer } from "./wire.ts";

/** The API’s description calls the rows `items`, its example calls them `subPartners`. */
const page = z.union([
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
  z.object({ subPartners: z.array(z.unknown()) }).transform(({ subPartners }) => subPartners),
]);
const subpartner = z.object({
  orgId: id,
  provisioningState: text,
  name: text,
  displayName: text,
});
const organisation = z.object({ displayName: text });
const organisationRow = z.object({ id, displayName: text });
/** Its rows were handed over, and are numbers. */
const organisationList = z.object({ items: z.array(z.number()) });

const PAGE_ROWS = 100;
/** Far above the sub-partners of any provider. */
const MAX_PAGES = 1_000;
/** Enough for 100,000 organisations with fields that nobody uses. */
const LIST_LIMIT = 64 * 1024 * 1024;
/** At most so many names are read while a person waits for the list of sub-partners. */
const NAMES_AT_ONCE = 20;

/** The display name of an organisation; undefined when it does not exist. */
export async function readOrganisationName(
  request: AuthorizedRequest,
  orgId: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const path = `/organizations/${encodeURIComponent(orgId)}`;
  const response = await request({ method: "GET", path, ...(signal && { signal }) });
  if (response.status === 404) return undefined;
  const parsed = organisation.safeParse(bodyOf(response));
  if (!parsed.success) throw unexpectedAnswer("an organisation", parsed.error);
  return textOf(parsed.data.displayName);
}

/**
 * The display names of all organisations that the token may see: one call, whose answer is not paged. A row without an id or
 * a name says nothing. @param take called with some at a time, as they come; after a failure they may come again
 */
export async function readAllOrganisationNames(
  request: AuthorizedRequest,
  take: (names: readonly OrganisationName[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const response = await request({
    method: "GET",
    path: "/organizations",
    bodyLimit: LIST_LIMIT,
    onItems: (rows) => take(rows.flatMap(organisationNameOf)),
    ...(signal && { signal }),
  });
  const parsed = organisationList.safeParse(bodyOf(response));
  if (!parsed.success) throw unexpectedAnswer("a list of organisations", parsed.error);
}

function organisationNameOf(row: unknown): readonly OrganisationName[] {
  const parsed = organisationRow.safeParse(row);
  const name = textOf(parsed.data?.displayName);
  return parsed.success && name !== undefined ? [{ orgId: parsed.data.id, name }] : [];
}

/**
 * Reads the sub-partners. Their list has no names, so names are read from the organisations and cached; with a token that may not
 * read organisations, the list has no names.
 */
export function createSubpartnerReader(request: AuthorizedRequest): () => Promise<readonly Subpartner[]> {
  const names = new Map<string, string | undefined>();
  let mayReadNames = true;

  const readName = async ({ orgId }: Subpartner): Promise<void> => {
    try {
      if (mayReadNames) names.set(orgId, await readOrganisationName(request, orgId));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === "wholesale.forbidden") mayReadNames = false;
    }
  };

  return async () => {
    const all = await readAll(request);
    const unknown = all.filter(({ orgId, name }) => name === undefined && !names.has(orgId));
    await Promise.all(unknown.slice(0, NAMES_AT_ONCE).map(readName));
    return all.map((one) => {
      const name = one.name ?? names.get(one.orgId);
      return name === undefined ? one : { ...one, name };
    });
  };
}

async function readAll(request: AuthorizedRequest): Promise<readonly Subpartner[]> {
  const found = new Map<string, Subpartner>();
  let rows = PAGE_ROWS;
  for (let offset = 0, more = true; more; offset += rows) {
    const query = { offset, max: PAGE_ROWS };
    const response = await request({ method: "GET", path: "/wholesale/subPartners", query });
    const parsed = page.safeParse(bodyOf(response));
    if (!parsed.success) throw unexpectedAnswer("a list of sub-partners", parsed.error);
    rows = parsed.data.length;
    const known = found.size;
    for (const one of parsed.data.flatMap(subpartnerOf)) found.set(one.orgId, one);
    more = found.size > known && (response.hasNext || rows >= PAGE_ROWS);
    if (offset > MAX_PAGES * PAGE_ROWS) throw unexpectedAnswer("a list of sub-partners with an end");
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
  const title = textOf(name) ?? textOf(displayName);
  return [{ orgId, state: textOf(provisioningState) ?? UNREPORTED, ...(title !== undefined && { name: title }) }];
}

interface SubpartnerList {
  readonly list: readonly Subpartner[];
  readonly readAt: number;
}

/** Sub-partners rarely change, and every card of a bound space names its own. */
const CACHE_MS = 60_000;

/** The sub-partners, cached for a minute. Calls during a reading share it. */
export function createCachedSubpartners(
  crawler: Pick<WholesaleCrawler, "subpartners">,
  clock: Clock,
): () => Promise<SubpartnerList> {
  let cached: { readonly read: Promise<SubpartnerList>; readonly askedAt: number } | undefined;
  const load = async (): Promise<SubpartnerList> => ({ list: await crawler.subpartners(), readAt: clock() });
  return () => {
    if (cached !== undefined && clock() - cached.askedAt < CACHE_MS) return cached.read;
    const read = load();
    cached = { read, askedAt: clock() };
    read.catch(() => {
      if (cached?.read === read) cached = undefined;
    });
    return read;
  };
}
