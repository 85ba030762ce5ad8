import type { Alert } from "../domain/alerts/alert.ts";
import { OPTIONAL_KIND_NAMES, type OptionalKind } from "../domain/alerts/kinds.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { parseAlerts } from "./alert-rows.ts";
import { observeCustomers, type ReadingContext } from "./observe.ts";
import { absentTwice, evaluate } from "./resolve.ts";
import { parseWatch, watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** For each kind, the ids of the customers that may have such an alert, in order: a superset, found by SQL alone. */
const CANDIDATES: Readonly<
  Record<OptionalKind, (ctx: TransactionContext, scope: Scope) => Promise<readonly string[]>>
> = {
  stuck: movingCustomers,
  warnings: customersWithProblems,
};

/**
 * The end of a complete sweep: evaluates the alerts of each optional kind, and opens new ones if a watch requests the kind
 * (ALERTS 17).
 * @returns the customers of which an item with an alert was absent twice, to be looked up
 */
export async function observeOptionalKinds(ctx: TransactionContext, at: ReadingContext): Promise<readonly string[]> {
  const watched = await watchedKinds(ctx, at.scope);
  const itemsAbsentTwice: string[] = [];
  for (const kind of OPTIONAL_KIND_NAMES) {
    itemsAbsentTwice.push(...absentTwice(await evaluateAlertsOfKind(ctx, at, kind)));
    if (watched.has(kind)) await openAlertsOfKind(ctx, at, kind);
  }
  return itemsAbsentTwice;
}

/**
 * Opens the alerts of kinds that a new watch is the first to request, as part of its baseline (ALERTS 15). Without this, all of
 * them would be new alerts at the end of the next sweep.
 * @param before the kinds that were requested without this watch
 */
export async function observeNewlyWatchedKinds(
  ctx: TransactionContext,
  scope: Scope,
  before: ReadonlySet<OptionalKind>,
): Promise<void> {
  const { baselineAt, outage } = await findVisibility(ctx.tx, scope);
  if (baselineAt === null || outage !== null) return;
  const at: ReadingContext = { scope, reading: { id: ctx.now, kind: "page" }, baseline: true };
  for (const kind of await watchedKinds(ctx, scope)) if (!before.has(kind)) await openAlertsOfKind(ctx, at, kind);
}

/** The optional kinds that watches of the scope request. */
export async function watchedKinds({ tx }: TransactionContext, scope: Scope): Promise<ReadonlySet<OptionalKind>> {
  const watched = new Set<OptionalKind>();
  const rooms = await watchingRooms(tx, scope);
  const rows =
    rooms.length === 0 ? [] : await tx.selectFrom("watches").selectAll().where("roomId", "in", rooms).execute();
  for (const { options } of rows.map(parseWatch)) {
    for (const kind of OPTIONAL_KIND_NAMES) if (options[kind]) watched.add(kind);
  }
  return watched;
}

async function evaluateAlertsOfKind(
  ctx: TransactionContext,
  at: ReadingContext,
  kind: OptionalKind,
): Promise<readonly Alert[]> {
  const rows = await ctx.tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select("alerts.alert")
    .where("alerts.scope", "=", at.scope)
    .where("alerts.tracked", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", kind)
    .where("customers.absentSweeps", "=", 0)
    .orderBy("alerts.id")
    .execute();
  return (await evaluate(ctx, at, parseAlerts(rows))).changed;
}

async function openAlertsOfKind(ctx: TransactionContext, at: ReadingContext, kind: OptionalKind): Promise<void> {
  await observeCustomers(ctx, at, kind, await CANDIDATES[kind](ctx, at.scope));
}

/** The customers with an item that is MOVING, or that are MOVING themselves. */
async function movingCustomers({ tx }: TransactionContext, scope: Scope): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absentSweeps", "=", 0)
    .where((is) =>
      is.or([
        is("statusKey", "not in", ["provisioned", "provisioned_with_errors", "error"]),
        is.exists(
          is
            .selectFrom("items")
            .select("position")
            .whereRef("items.customerRowId", "=", "customers.rowId")
            .where("class", "=", "moving"),
        ),
      ]),
    )
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

async function customersWithProblems({ tx }: TransactionContext, scope: Scope): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absentSweeps", "=", 0)
    .where("hasProblems", "=", ({ lit }) => lit(1))
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
