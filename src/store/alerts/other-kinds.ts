import type { Alert, AlertKind } from "../../domain/alerts/alert.ts";
import { sightingsOf } from "../../domain/alerts/sighting.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { readAlert, readWatch } from "../notices/reading.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";
import { recordsById } from "../records.ts";
import { absentTwice } from "./conclude.ts";
import { writeAlerts } from "./rows.ts";
import { judge, type Witnessing, witness } from "./witness.ts";

type OtherKind = "stuck" | "warnings";

/**
 * What some watch wants to hear besides errors (ALERTS 17): looked for at the end of a sweep, where anybody asks for it.
 * @returns the customers of which an item was absent once too often
 */
export async function witnessOtherKinds(step: Step, at: Witnessing): Promise<readonly string[]> {
  const wanted = await wantedKinds(step, at.scope);
  const absent: string[] = [];
  for (const kind of ["stuck", "warnings"] as const) {
    absent.push(...absentTwice(await judgeKind(step, at, kind)));
    if (wanted.has(kind)) await openKind(step, at, kind);
  }
  return absent;
}

async function wantedKinds({ tx }: Step, scope: Scope): Promise<ReadonlySet<AlertKind>> {
  const wanted = new Set<AlertKind>();
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
    .select("alert")
    .where("scope", "=", at.scope)
    .where("active", "=", ({ lit }) => lit(1))
    .where("kind", "=", kind)
    .execute();
  const alerts = rows.map(({ alert }) => readAlert(alert));
  const ids = [...new Set(alerts.map(({ key }) => key.customerId))];
  const records = await recordsById(step.tx, at.scope, ids);
  const judged = alerts.flatMap((alert) => {
    const record = records.get(alert.key.customerId);
    return record === undefined ? [] : [{ alert, record }];
  });
  const changed = judge(step, at, judged);
  await writeAlerts(step.tx, changed, step.now);
  await settleAlerts(step, changed);
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
