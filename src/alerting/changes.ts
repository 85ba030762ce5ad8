import { type Alert, acknowledge } from "../domain/alerts/alert.ts";
import type { Mute } from "../domain/alerts/mute.ts";
import { nextDigestAt } from "../domain/alerts/schedule.ts";
import { formatFilter } from "../domain/commands/format.ts";
import type { AlertChange } from "../domain/ports/alerting.ts";
import { lockScope } from "../store/leases.ts";
import { allocateNumbers, lockAlerts, writeAlerts } from "./alert-rows.ts";
import { notifyFollowers } from "./follows.ts";
import { observeNewlyWatchedKinds, watchedKinds } from "./optional-kinds.ts";
import { lockQueue } from "./queue.ts";
import { reconcileAlerts, reconcileRoom } from "./reconcile.ts";
import { readAlerts, readRoom } from "./room-state.ts";
import { cancelSummaryNotice, enqueueSummaryNotice } from "./summary-notices.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

type Kind = AlertChange["kind"];
type Change<K extends Kind> = Extract<AlertChange, { readonly kind: K }>;

/** What people change of alerts: each in one transaction, which leaves nothing owed unwritten (ALERTS 19). */
export const createAlertChanges =
  (deps: AlertingDeps) =>
  (roomId: string, change: AlertChange, now: number): Promise<void> =>
    inTransaction(deps, now, (step) => apply(step, roomId, change));

async function apply(step: TransactionContext, roomId: string, change: AlertChange): Promise<void> {
  switch (change.kind) {
    case "watch":
      return watch(step, roomId, change);
    case "unwatch":
      return unwatch(step, roomId, change);
    case "ack":
      return ack(step, roomId, change);
    case "mute":
      return addMute(step, roomId, change.mute);
    case "unmute":
      return endMute(step, roomId, change.number);
    case "follow":
      return follow(step, change);
    case "digest":
      return setDigestSchedule(step, roomId, change);
    case "drill":
      return startDrill(step, roomId);
  }
}

/** The same filter again changes what the watch is told besides, and who owns it (ALERTS 15). */
async function watch(
  step: TransactionContext,
  roomId: string,
  { filter, options, ownerId, space }: Change<"watch">,
): Promise<void> {
  // A reading that is being written does not know of this watch, and its baseline would not know of what that opens.
  await lockScope(step, (await readRoom(step.tx, roomId)).scope);
  await lockQueue(step, roomId);
  const { scope, watches } = await readRoom(step.tx, roomId);
  const asked = await watchedKinds(step, scope);
  const same = watches.find((one) => formatFilter(one.filter) === formatFilter(filter));
  const number = same?.number ?? Math.max(0, ...watches.map((one) => one.number)) + 1;
  const escalates = options.escalate === undefined ? 0 : 1;
  const content = { options: JSON.stringify(options), escalates, ownerId, space: space ?? null };
  await step.tx
    .insertInto("watches")
    .values({ roomId, number, filter: JSON.stringify(filter), since: step.now, ...content })
    .onConflict((conflict) => conflict.columns(["roomId", "number"]).doUpdateSet(content))
    .execute();
  await enqueueSummaryNotice(step, roomId, "baseline");
  await observeNewlyWatchedKinds(step, scope, asked);
}

async function unwatch(step: TransactionContext, roomId: string, { number }: Change<"unwatch">): Promise<void> {
  await lockQueue(step, roomId);
  await step.tx.deleteFrom("watches").where("roomId", "=", roomId).where("number", "=", number).execute();
  if ((await readRoom(step.tx, roomId)).watches.length === 0) await cancelSummaryNotice(step, roomId);
  await reconcileRoom(step, roomId);
}

async function ack(step: TransactionContext, roomId: string, change: Change<"ack">): Promise<void> {
  const { scope } = await readRoom(step.tx, roomId);
  await lockScope(step, scope);
  await lockAlerts(step, change.alerts);
  const alerts = (await readAlerts(step.tx, change.alerts)).filter(({ key }) => key.scope === scope);
  const taken = alerts.map((alert) => acknowledge(alert, change.ack)).filter((alert, at) => alert !== alerts[at]);
  // Nobody has looked at their customers for this: they are still to be judged by what changed before.
  for (const alert of taken) {
    await step.tx
      .updateTable("alerts")
      .set({ alert: JSON.stringify(alert), acked: 1 })
      .where("id", "=", alert.id)
      .execute();
  }
}

async function follow(step: TransactionContext, { follow }: Change<"follow">): Promise<void> {
  const { tx } = step;
  const { personId, scope, customerId } = follow;
  // A page that is being written does not know of this.
  await lockScope(step, scope);
  const content = { follow: JSON.stringify(follow), changed: 0 };
  await tx
    .insertInto("follows")
    .values({ personId, scope, customerId, ...content })
    .onConflict((conflict) => conflict.columns(["scope", "customerId", "personId"]).doUpdateSet(content))
    .execute();
  // It may have come to its end since they read how it is.
  const present = await tx
    .selectFrom("customers")
    .select(["id as customerId", "status"])
    .where("scope", "=", scope)
    .where("id", "=", customerId)
    .execute();
  await notifyFollowers(step, scope, present);
}

async function setDigestSchedule(
  { tx, now }: TransactionContext,
  roomId: string,
  { schedule }: Change<"digest">,
): Promise<void> {
  if (schedule === undefined) return void (await tx.deleteFrom("digests").where("roomId", "=", roomId).execute());
  const content = { ...schedule, nextAt: nextDigestAt(schedule, now) };
  await tx
    .insertInto("digests")
    .values({ roomId, lastAt: null, ...content })
    .onConflict((conflict) => conflict.column("roomId").doUpdateSet(content))
    .execute();
}

/** Until it ends, what it means is tracked and not told (ALERTS 23). */
export async function addMute(
  step: TransactionContext,
  roomId: string,
  mute: Omit<Mute, "roomId" | "number">,
): Promise<void> {
  await lockQueue(step, roomId);
  const number = await nextMuteNumber(step, roomId);
  const { from, until } = mute;
  const row = {
    roomId,
    number,
    from,
    until,
    ended: 0,
    mute: JSON.stringify({ ...mute, roomId, number }),
  };
  await step.tx.insertInto("mutes").values(row).execute();
  await reconcileRoom(step, roomId);
}

/** Its end is now, and what is still open is told as that (ALERTS 23). */
export async function endMute(step: TransactionContext, roomId: string, number: number): Promise<void> {
  const { mutes } = await readRoom(step.tx, roomId);
  const meant = mutes.find((one) => one.number === number);
  if (meant === undefined || meant.until <= step.now) return;
  const ended = { ...meant, until: step.now };
  await step.tx
    .updateTable("mutes")
    .set({ until: step.now, ended: 1, mute: JSON.stringify(ended) })
    .where("roomId", "=", roomId)
    .where("number", "=", number)
    .execute();
  await reconcileRoom(step, roomId);
}

async function nextMuteNumber({ tx }: TransactionContext, roomId: string): Promise<number> {
  const { last } = await tx
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("number").as("last"))
    .where("roomId", "=", roomId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

const DRILL = "drill";

/** An alert like any other, of a customer that does not exist, for this space alone. */
export async function startDrill(step: TransactionContext, roomId: string): Promise<void> {
  const { scope } = await readRoom(step.tx, roomId);
  const id = await allocateNumbers(step.tx, "alerts", 1);
  const problems = [{ level: "error" as const, text: "This is a drill: nothing is wrong." }];
  const alert: Alert = {
    id,
    state: "open",
    generation: 1,
    openedAt: step.now,
    badSince: step.now,
    status: "error",
    key: { scope, customerId: `${DRILL}:${id}`, item: DRILL, kind: "error" },
    previousStatus: "provisioned",
    attempt: 1,
    failures: 0,
    retrying: false,
    suspended: false,
    reopenedAt: [],
    absentSweeps: 0,
    baseline: false,
    drill: roomId,
    subject: {
      id: `${DRILL}:${id}`,
      name: "Drill",
      address: {},
      status: "provisioned_with_errors",
      packages: [{ name: DRILL, status: "error", problems }],
      addOns: [],
      problems: [],
    },
  };
  await writeAlerts(step.tx, [alert], step.now);
  await reconcileAlerts(step, [alert]);
}
