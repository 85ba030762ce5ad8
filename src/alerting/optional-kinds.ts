import type { Alert } from "../domain/alerts/alert.ts";
import { sightingsOf } from "../domain/alerts/sighting.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS } from "../store/chunks.ts";
import { recordsById } from "../store/records.ts";
import { type Witnessing, witness } from "./observe.ts";
import { settleAlerts } from "./reconcile.ts";
import { judge, missedTwice } from "./resolve.ts";
import { readAlert, readWatch, watchingRooms } from "./room-state.ts";
import type { Step } from "./transaction.ts";
import { findSight } from "./visibility.ts";

type OtherKind = "stuck" | "warnings";

/**
 * What some watch wants to hear besides errors (ALERTS 17): looked for at the end of a sweep, where anybody asks for it.
 * @returns the customers of which an item was absent once too often
 */
export async function witnessOtherKinds(step: Step, at: Witnessing): Promise<readonly string[]> {
  const wanted = await wantedKinds(step, at.scope);
  const missed: string[] = [];
  for (const kind of ["stuck", "warnings"] as const) {
    missed.push(...missedTwice(await judgeKind(step, at, kind)));
    if (wanted.has(kind)) await openKind(step, at, kind);
  }
  return missed;
}

/**
 * A watch asks for what nobody has asked for before: what there is of it already opens silently, and stands in the baseline
 * of that watch (ALERTS 15). Without this, it would all be news at the end of the next sweep.
 * @param before what was asked for without this watch
 */
export async function witnessAsked(step: Step, scope: Scope, before: ReadonlySet<OtherKind>): Promise<void> {
  const { baselineAt, blind } = await findSight(step.tx, scope);
  if (baselineAt === null || blind !== null) return;
  const at: Witnessing = { scope, reading: { id: step.now, kind: "page" }, baseline: true };
  for (const kind of await wantedKinds(step, scope)) if (!before.has(kind)) await openKind(step, at, kind);
}

/** The kinds that some watch of the scope asks for. */
export async function wantedKinds({ tx }: Step, scope: Scope): Promise<ReadonlySet<OtherKind>> {
  const wanted = new Set<OtherKind>();
  const rooms = await watchingRooms(tx, scope);
  const rows =
    rooms.length === 0
      ? []
      : await tx.selectFrom("watches").selectAll().where("roomId", "in", rooms).execute();
  for (const { options } of rows.map(readWatch)) {
    if (options.stuck) wanted.add("stuck");
    if (options.warnings) wanted.add("warnings");
  }
  return wanted;
}

/** The open ones of this kind against their customers as they are now. */
async function judgeKind(step: Step, at: Witnessing, kind: OtherKind): Promise<readonly Alert[]> {
  const rows = await step.tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select("alerts.alert")
    .where("alerts.scope", "=", at.scope)
    .where("alerts.active", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", kind)
    .where("customers.absent", "=", 0)
    .orderBy("alerts.id")
    .execute();
  const { changed } = await judge(
    step,
    at,
    rows.map(({ alert }) => readAlert(alert)),
  );
  return changed;
}

async function openKind(step: Step, at: Witnessing, kind: OtherKind): Promise<void> {
  const ids =
    kind === "stuck" ? await movingCustomers(step, at.scope) : await warnedCustomers(step, at.scope);
  for (const chunk of chunksOf(ids, IDS)) {
    const records = [...(await recordsById(step.tx, at.scope, chunk)).values()];
    const sightings = records.flatMap((record) =>
      sightingsOf(record, { scope: at.scope, kinds: [kind], now: step.now }),
    );
    const bad = sightings.filter((sighting) => sighting.class === "bad");
    await settleAlerts(step, await witness(step, at, bad));
  }
}

/** Those of which something is neither good nor bad, in the order of their ids. */
async function movingCustomers({ tx }: Step, scope: Scope): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absent", "=", 0)
    .where((is) =>
      is.or([
        is("statusKey", "not in", ["provisioned", "provisioned_with_errors", "error"]),
        is.exists(
          is
            .selectFrom("items")
            .select("place")
            .whereRef("items.customerKey", "=", "customers.key")
            .where("class", "=", "moving"),
        ),
      ]),
    )
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

async function warnedCustomers({ tx }: Step, scope: Scope): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absent", "=", 0)
    .where("key", "in", (is) => is.selectFrom("codes").select("customerKey").where("codes.scope", "=", scope))
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
