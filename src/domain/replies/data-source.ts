import type { CustomersCommand } from "../commands/customers.ts";
import { format } from "../commands/format.ts";
import type { Command } from "../commands/registry.ts";
import type { Customer } from "../customers/customer.ts";
import type { Filter, Term } from "../customers/filter.ts";
import { type ListQuery, liveQuery, PAGE_SIZE } from "../customers/list-query.ts";
import { type Scope, type SnapshotAge, WHOLE_TOKEN } from "../customers/sweep.ts";
import { isExternalFailure } from "../external-failure.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { Freshness } from "../views/views.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

export interface SnapshotState {
  /** `partial`: no sweep has been complete yet. `empty`: nor has any read a customer. */
  readonly state: "complete" | "partial" | "empty";
  readonly customers: number;
  readonly freshness: Extract<Freshness, { source: "snapshot" }>;
  /** Lines that every answer from the snapshot shows. */
  readonly notes: readonly string[];
}

export async function snapshotState(context: ReplyContext): Promise<SnapshotState> {
  const { snapshot, scope, clock } = context;
  const stale = await staleNotes(context);
  const age = await snapshot.age(scope);
  const now = clock();
  if (age.completeAt !== undefined) {
    const freshness = { source: "snapshot", readAt: age.completeAt, now } as const;
    return { state: "complete", customers: age.customers, freshness, notes: stale };
  }
  const readSoFar = Math.max(age.customers, age.current?.customers ?? 0);
  return {
    state: readSoFar > 0 ? "partial" : "empty",
    customers: readSoFar,
    freshness: { source: "snapshot", now, readSoFar },
    notes: [...stale, `${progressOf(age, readSoFar)} This answer covers only those.`],
  };
}

/** The line above every answer while the API cannot be read (ALERTS 31). */
export async function staleNotes({ alerts, scope, clock }: ReplyContext): Promise<readonly string[]> {
  const { outage } = await alerts.visibility(scope);
  if (outage === undefined) return [];
  return [
    `The Wholesale API has not been readable since ${formatTime(outage.since, clock())}: what follows may be out of date.`,
  ];
}

/** Before the first customer has been read: the progress, and what works meanwhile. */
export async function notReadYet(command: Command, context: ReplyContext): Promise<Reply> {
  const { snapshot, scope } = context;
  const age = await snapshot.age(scope);
  const whose = scope === WHOLE_TOKEN ? "The customers" : "The customers of this sub-partner";
  return textReply(
    `${whose} have not been read yet`,
    [progressOf(age, 0), "Until then, customers can be listed by status, externalId and orgId, directly from Webex."],
    [
      { title: "Try again", command: format(command), main: true },
      { title: "Show customers", command: "customers" },
    ],
  );
}

function progressOf({ current }: SnapshotAge, readSoFar: number): string {
  if (current === undefined && readSoFar === 0) return "The first reading of all customers has not started.";
  const soFar = `${formatCount(readSoFar, "customer")} read so far`;
  return current?.state === "running"
    ? `The first reading of all customers is in progress: ${soFar}.`
    : `The first reading of all customers was not completed and will start again: ${soFar}.`;
}

/** The name of the sub-partner that this space is bound to, or its id when no name can be read; empty in other spaces. */
export async function boundSubpartner({
  scope,
  subpartners,
}: Pick<ReplyContext, "scope" | "subpartners">): Promise<{ readonly subpartner?: string }> {
  if (scope === WHOLE_TOKEN) return {};
  try {
    const { list } = await subpartners();
    return { subpartner: list.find(({ orgId }) => orgId === scope)?.name ?? scope };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return { subpartner: scope };
  }
}

export async function subpartnerLines(context: ReplyContext): Promise<readonly string[]> {
  const { subpartner } = await boundSubpartner(context);
  return subpartner === undefined ? [] : [`For ${subpartner}.`];
}

/** The answer when the space has no source for the list: the reason, and the query that works instead. */
export async function noSourceReply({ from }: NoSource, context: ReplyContext): Promise<Reply> {
  if (from === "unbound") {
    return textReply(
      "This needs a space that is bound to that sub-partner",
      [
        "With a sub-partner, Webex can filter by status, externalId and orgId only. Everything else needs a copy of that sub-partner’s customers, which the bot keeps only for spaces that are bound to it.",
        "An admin binds a space with “use subpartner=…”.",
      ],
      [{ title: "Sub-partners", command: "subpartners", main: true }],
    );
  }
  const { subpartner = "one sub-partner" } = await boundSubpartner(context);
  return textReply(
    `This space sees only ${subpartner}`,
    ["It is bound to that sub-partner, and customers of others are not shown here. Leave out subpartner=…."],
    [{ title: "Show customers", command: "customers", main: true }],
  );
}

/** Adds the names from the snapshot, with one query for all customers: the list API has none. */
export async function withKnownNames(
  customers: readonly Customer[],
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly Customer[]> {
  const nameless = customers.filter(({ name }) => name === undefined);
  const orgIds = [...new Set(nameless.flatMap(({ orgId }) => (orgId === undefined ? [] : [orgId])))];
  if (orgIds.length === 0) return customers;
  const values = orgIds.map((text) => ({ text, prefix: false }));
  const filter = [{ field: "orgId", negated: false, values } as const];
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: PAGE_SIZE.most, now: clock() });
  const names = new Map(records.map(({ customer }) => [customer.id, customer.name]));
  return customers.map((customer) => {
    const name = customer.name ?? names.get(customer.id);
    return name === undefined ? customer : { ...customer, name };
  });
}

/** Where the answer to a list comes from (PRODUCT 2, last paragraph). `filter` is the filter within the scope. */
export type DataSource =
  | {
      readonly from: "live";
      readonly query: ListQuery;
      readonly filter: Filter;
      readonly inSnapshot: boolean;
    }
  | { readonly from: "snapshot"; readonly query?: ListQuery; readonly filter: Filter }
  | NoSource;

/** `foreign`: about another sub-partner than the space is bound to. `unbound`: needs the snapshot of one sub-partner. */
export type NoSource = { readonly from: "foreign" } | { readonly from: "unbound" };

type ListOptions = Pick<CustomersCommand, "filter" | "page" | "max" | "sort" | "fresh">;

/**
 * The API's own filters are asked live, everything else of the snapshot. Several statuses take several calls, so they are
 * asked live only with `fresh`.
 */
export function chooseSource(list: ListOptions, scope: Scope): DataSource {
  const filter = within(list.filter, scope);
  if (filter === undefined) return { from: "foreign" };
  const { query, needsSnapshot } = liveQuery(filter, list);
  const isLive = needsSnapshot.length === 0 && list.sort === undefined;
  const inSnapshot = !filter.some(isOfSubpartner);
  if (isLive && (query.statuses.length < 2 || list.fresh || !inSnapshot)) {
    return { from: "live", query, filter, inSnapshot };
  }
  if (!inSnapshot) return { from: "unbound" };
  return { from: "snapshot", filter, ...(isLive && { query }) };
}

/** The same for answers that only the snapshot has: counts and files. */
export function snapshotFilter(
  filter: Filter,
  scope: Scope,
): { readonly from: "snapshot"; readonly filter: Filter } | NoSource {
  const rest = within(filter, scope);
  if (rest === undefined) return { from: "foreign" };
  return rest.some(isOfSubpartner) ? { from: "unbound" } : { from: "snapshot", filter: rest };
}

/** The filter without the sub-partner of a bound space; undefined when it names another sub-partner. */
function within(filter: Filter, scope: Scope): Filter | undefined {
  if (scope === WHOLE_TOKEN) return filter;
  const isOwn = ({ negated, values }: Term) =>
    !negated && values.every(({ text, prefix }) => text === scope && !prefix);
  if (!filter.filter(isOfSubpartner).every(isOwn)) return undefined;
  return filter.filter((term) => !isOfSubpartner(term));
}

function isOfSubpartner({ field }: Term): boolean {
  return field === "subpartner";
}
