import type { Alert } from "../domain/alerts/alert.ts";
import { OPTIONAL_KIND_NAMES, type OptionalKind } from "../domain/alerts/kinds.ts";
import { observationsOf } from "../domain/alerts/observation.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import { observe, type ReadingContext } from "./observe.ts";
import { reconcileAlerts } from "./reconcile.ts";
import { evaluate, missedTwice } from "./resolve.ts";
import { readAlert, readWatch, watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** For each kind, the ids of the customers that may have such an alert, in order: a superset, found by SQL alone. */
const CANDIDATES: Readonly<
  Record<OptionalKind, (step: TransactionContext, scope: Scope) => Promise<readonly string[]>>
> = {
  stuck: movingCustomers,
  warnings: customersWithCodes,
};

/**
 * What some watch wants to hear besides errors (ALERTS 17): looked for at the end of a sweep, where anybody asks for it.
 * @returns the customers of which an item was absent once too often
 */
export async function observeOptionalKinds(step: TransactionContext, at: ReadingContext): Promise<readonly string[]> {
  const wanted = await watchedKinds(step, at.scope);
  const missed: string[] = [];
  for (const kind of OPTIONAL_KIND_NAMES) {
    missed.push(...missedTwice(await evaluateKind(step, at, kind)));
    if (wanted.has(kind)) await openKind(step, at, kind);
  }
  return missed;
}

/**
 * A watch asks for what nobody has asked for before: what there is of it already opens silently, and stands in the baseline
 * of that watch (ALERTS 15). Without this, it would all be news at the end of the next sweep.
 * @param before what was asked for without this watch
 */
export async function observeNewlyWatchedKinds(
  step: TransactionContext,
  scope: Scope,
  before: ReadonlySet<OptionalKind>,
): Promise<void> {
  const { baselineAt, outage } = await findVisibility(step.tx, scope);
  if (baselineAt === null || outage !== null) return;
  const at: ReadingContext = { scope, reading: { id: step.now, kind: "page" }, baseline: true };
  for (const kind of await watchedKinds(step, scope)) if (!before.has(kind)) await openKind(step, at, kind);
}

/** The kinds that some watch of the scope asks for. */
export async function watchedKinds({ tx }: TransactionContext, scope: Scope): Promise<ReadonlySet<OptionalKind>> {
  const wanted = new Set<OptionalKind>();
  const rooms = await watchingRooms(tx, scope);
  const rows =
    rooms.length === 0 ? [] : await tx.selectFrom("watches").selectAll().where("roomId", "in", rooms).execute();
  for (const { options } of rows.map(readWatch)) {
    for (const kind of OPTIONAL_KIND_NAMES) if (options[kind]) wanted.add(kind);
  }
  return wanted;
}

/** The open ones of this kind against their customers as they are now. */
async function evaluateKind(
  step: TransactionContext,
  at: ReadingContext,
  kind: OptionalKind,
): Promise<readonly Alert[]> {
  const rows = await step.tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select("alerts.alert")
    .where("alerts.scope", "=", at.scope)
    .where("alerts.active", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", kind)
    .where("customers.absentSweeps", "=", 0)
    .orderBy("alerts.id")
    .execute();
  const { changed } = await evaluate(
    step,
    at,
    rows.map(({ alert }) => readAlert(alert)),
  );
  return changed;
}

async function openKind(step: TransactionContext, at: ReadingContext, kind: OptionalKind): Promise<void> {
  const ids = await CANDIDATES[kind](step, at.scope);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const records = [...(await readRecordsById(step.tx, at.scope, chunk)).values()];
    const sightings = records.flatMap((record) =>
      observationsOf(record, { scope: at.scope, kinds: [kind], now: step.now }),
    );
    const bad = sightings.filter((sighting) => sighting.class === "bad");
    await reconcileAlerts(step, await observe(step, at, bad));
  }
}

/** Those of which something is neither good nor bad, in the order of their ids. */
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
            .whereRef("items.customerKey", "=", "customers.key")
            .where("class", "=", "moving"),
        ),
      ]),
    )
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

async function customersWithCodes({ tx }: TransactionContext, scope: Scope): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absentSweeps", "=", 0)
    .where("key", "in", (is) => is.selectFrom("codes").select("customerKey").where("codes.scope", "=", scope))
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
