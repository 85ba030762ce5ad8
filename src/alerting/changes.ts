import { nextDigestAt } from "../domain/alerts/digest-time.ts";
import { applyObservation, type Reading } from "../domain/alerts/lifecycle.ts";
import { type Mute, matchesFilter } from "../domain/alerts/mute.ts";
import { type Observation, observationOf } from "../domain/alerts/observation.ts";
import { formatFilter } from "../domain/commands/format.ts";
import type { Customer } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { AlertChange } from "../domain/ports/alerting.ts";
import { lockScope } from "../store/leases.ts";
import { acknowledgeAlerts, takeBackAcks } from "./acks.ts";
import { allocateNumbers, readAlerts, writeAlerts } from "./alert-rows.ts";
import { oweEdits } from "./card-edits.ts";
import { retryEverything } from "./dead-letters.ts";
import { notifyFollowers, removeFollow } from "./follows.ts";
import { forgetPerson } from "./forget.ts";
import { observationContext } from "./observe.ts";
import { observeNewlyWatchedKinds, watchedKinds } from "./optional-kinds.ts";
import { lockQueue } from "./queue.ts";
import { reconcileAlerts, reconcileRoom } from "./reconcile.ts";
import { readNotifiedOpenIds, readRoom } from "./room-state.ts";
import { cancelSummaryNotice, enqueueSummaryNotice } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";
import { confirmAbsence } from "./visibility.ts";

type Kind = AlertChange["kind"];
type Change<K extends Kind> = Extract<AlertChange, { readonly kind: K }>;

/** A command of a person that changes alerts, watches, mutes and the like, with the notices that follow (ALERTS 19). */
export async function applyChange(ctx: TransactionContext, roomId: string, change: AlertChange): Promise<void> {
  switch (change.kind) {
    case "watch":
      return addWatch(ctx, roomId, change);
    case "unwatch":
      return removeWatch(ctx, roomId, change);
    case "ack":
      return acknowledgeAlerts(ctx, roomId, change);
    case "unack":
      return takeBackAcks(ctx, roomId, change);
    case "mute":
      return addMute(ctx, roomId, change);
    case "unmute":
      return endMute(ctx, roomId, change);
    case "follow":
      return addFollow(ctx, change);
    case "unfollow":
      return removeFollow(ctx, change);
    case "digest":
      return setDigestSchedule(ctx, roomId, change);
    case "drill":
      return startDrill(ctx, roomId);
    case "forget":
      return forgetPerson(ctx, change);
    case "send again":
      return retryEverything(ctx);
    case "confirm absence":
      return confirmAbsence(ctx, (await readRoom(ctx.tx, roomId)).scope, change.by);
  }
}

/** A watch with the same filter gets the new options and owner. A new or changed watch gives a baseline (ALERTS 15). */
async function addWatch(
  ctx: TransactionContext,
  roomId: string,
  { filter, options, ownerId, space }: Change<"watch">,
): Promise<void> {
  // Waits for a reading that is being written: it does not see this watch, and the baseline would not see its alerts.
  await lockScope(ctx, (await readRoom(ctx.tx, roomId)).scope);
  await lockQueue(ctx, roomId);
  const { scope, watches } = await readRoom(ctx.tx, roomId);
  const before = await watchedKinds(ctx, scope);
  const same = watches.find((watch) => formatFilter(watch.filter) === formatFilter(filter));
  const number = same?.number ?? Math.max(0, ...watches.map((watch) => watch.number)) + 1;
  const escalates = options.escalate === undefined ? 0 : 1;
  const content = { options: JSON.stringify(options), escalates, ownerId, space: space ?? null };
  await ctx.tx
    .insertInto("watches")
    .values({ roomId, number, filter: JSON.stringify(filter), since: ctx.now, ...content })
    .onConflict((conflict) => conflict.columns(["roomId", "number"]).doUpdateSet(content))
    .execute();
  await enqueueSummaryNotice(ctx, roomId, "baseline");
  await observeNewlyWatchedKinds(ctx, scope, before);
}

async function removeWatch(ctx: TransactionContext, roomId: string, { number }: Change<"unwatch">): Promise<void> {
  await lockQueue(ctx, roomId);
  await ctx.tx.deleteFrom("watches").where("roomId", "=", roomId).where("number", "=", number).execute();
  if ((await readRoom(ctx.tx, roomId)).watches.length === 0) await cancelSummaryNotice(ctx, roomId);
  await reconcileRoom(ctx, roomId);
}

/** Numbers the mute within its room, and cancels the notices that it suppresses (ALERTS 23). */
async function addMute(ctx: TransactionContext, roomId: string, { mute, shownOn }: Change<"mute">): Promise<void> {
  await lockQueue(ctx, roomId);
  const number = await nextMuteNumber(ctx, roomId);
  const { from, until } = mute;
  const whole: Mute = { ...mute, roomId, number };
  const row = { roomId, number, from, until, ended: 0, mute: JSON.stringify(whole) };
  await ctx.tx.insertInto("mutes").values(row).execute();
  await oweEditsOfMuted(ctx, whole, shownOn);
  await reconcileRoom(ctx, roomId);
}

/** The cards in this room of the open alerts that the mute covers. */
async function oweEditsOfMuted(ctx: TransactionContext, mute: Mute, shownOn: string | undefined): Promise<void> {
  const { roomId, from } = mute;
  const known = await readAlerts(ctx.tx, await readNotifiedOpenIds(ctx.tx, roomId));
  const muted = known.filter((alert) => matchesFilter(mute.filter, alert, from));
  await oweEdits(ctx, { roomId, alertIds: muted.map(({ id }) => id), pressed: shownOn, onRootsAlone: true });
}

async function nextMuteNumber({ tx }: TransactionContext, roomId: string): Promise<number> {
  const { last } = await tx
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("number").as("last"))
    .where("roomId", "=", roomId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

/** The mute ends now; alerts that are still open are enqueued (ALERTS 23). */
async function endMute(ctx: TransactionContext, roomId: string, { number, shownOn }: Change<"unmute">): Promise<void> {
  await lockQueue(ctx, roomId);
  const { mutes } = await readRoom(ctx.tx, roomId);
  const mute = mutes.find((one) => one.number === number);
  if (mute === undefined || mute.until <= ctx.now) return;
  const ended = { ...mute, until: ctx.now };
  await ctx.tx
    .updateTable("mutes")
    .set({ until: ctx.now, ended: 1, mute: JSON.stringify(ended) })
    .where("roomId", "=", roomId)
    .where("number", "=", number)
    .execute();
  await oweEditsOfMuted(ctx, mute, shownOn);
  await reconcileRoom(ctx, roomId);
}

async function addFollow(ctx: TransactionContext, { follow }: Change<"follow">): Promise<void> {
  const { tx } = ctx;
  const { personId, scope, customerId } = follow;
  // Waits for a page that is being written: it does not see this follow.
  await lockScope(ctx, scope);
  const content = { follow: JSON.stringify(follow), changed: 0 };
  await tx
    .insertInto("follows")
    .values({ personId, scope, customerId, ...content })
    .onConflict((conflict) => conflict.columns(["scope", "customerId", "personId"]).doUpdateSet(content))
    .execute();
  // The customer may have changed since the person read its status.
  const present = await tx
    .selectFrom("customers")
    .select(["id as customerId", "status"])
    .where("scope", "=", scope)
    .where("id", "=", customerId)
    .execute();
  await notifyFollowers(ctx, scope, present);
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

const DRILL = "drill";

/** Opens an alert of a customer that does not exist, for this room alone, as an observation would. */
async function startDrill(ctx: TransactionContext, roomId: string): Promise<void> {
  const { scope } = await readRoom(ctx.tx, roomId);
  const id = await allocateNumbers(ctx.tx, "alerts", 1);
  const reading: Reading = { id: 0, kind: "lookup" };
  const context = { ...observationContext(ctx, { scope, reading }), nextId: id };
  const alert = applyObservation(undefined, { ...drillObservation(scope, id), class: "bad" }, context);
  const drill = { ...alert, drill: roomId };
  await writeAlerts(ctx.tx, [drill], ctx.now);
  await reconcileAlerts(ctx, [drill]);
}

function drillObservation(scope: Scope, id: number): Observation {
  const key = { scope, customerId: `${DRILL}:${id}`, item: DRILL, kind: "error" } as const;
  const problems = [{ level: "error" as const, text: "This is a drill: nothing is wrong." }];
  const customer: Customer = {
    id: key.customerId,
    name: "Drill",
    address: {},
    status: "provisioned_with_errors",
    packages: [{ name: DRILL, status: "error", problems }],
    addOns: [],
    problems: [],
  };
  return { ...observationOf(key, customer, 0), previousStatus: "provisioned" };
}
