import type { AlertChange } from "../domain/alerting.ts";
import { acknowledge } from "../domain/alerts/acknowledge.ts";
import type { Alert } from "../domain/alerts/alert.ts";
import { formatFilter } from "../domain/commands/format.ts";
import { nextDigestAt } from "../domain/notices/schedule.ts";
import { takeNumbers, writeAlerts } from "./alert-rows.ts";
import { cover } from "./covers.ts";
import { readAlerts, readRoom } from "./outbox-reading.ts";
import { inStep, type OutboxDeps, type Step } from "./outbox-step.ts";
import { settleAlerts, settleRoom } from "./settle.ts";

type Kind = AlertChange["kind"];
type Change<K extends Kind> = Extract<AlertChange, { readonly kind: K }>;

/** What people change of alerts: each in one transaction, which leaves nothing owed unwritten (ALERTS 19). */
export const createAlertChanges =
  (deps: OutboxDeps) =>
  (roomId: string, change: AlertChange, now: number): Promise<void> =>
    inStep(deps, now, (step) => apply(step, roomId, change));

async function apply(step: Step, roomId: string, change: AlertChange): Promise<void> {
  switch (change.kind) {
    case "watch":
      return watch(step, roomId, change);
    case "unwatch":
      return unwatch(step, roomId, change);
    case "ack":
      return ack(step, roomId, change);
    case "mute":
      return mute(step, roomId, change);
    case "unmute":
      return unmute(step, roomId, change);
    case "follow":
      return follow(step, change);
    case "digest":
      return digest(step, roomId, change);
    case "drill":
      return drill(step, roomId);
  }
}

/** The same filter again changes what the watch is told besides, and who owns it (ALERTS 15). */
async function watch(
  step: Step,
  roomId: string,
  { filter, options, ownerId }: Change<"watch">,
): Promise<void> {
  const { watches } = await readRoom(step.tx, roomId);
  const same = watches.find((one) => formatFilter(one.filter) === formatFilter(filter));
  const number = same?.number ?? Math.max(0, ...watches.map((one) => one.number)) + 1;
  const content = {
    filter: JSON.stringify(filter),
    options: JSON.stringify(options),
    ownerId,
    since: step.now,
  };
  await step.tx
    .insertInto("watches")
    .values({ roomId, number, ...content })
    .onConflict((conflict) => conflict.columns(["roomId", "number"]).doUpdateSet(content))
    .execute();
  await cover(step, roomId, "baseline");
}

async function unwatch(step: Step, roomId: string, { number }: Change<"unwatch">): Promise<void> {
  await step.tx.deleteFrom("watches").where("roomId", "=", roomId).where("number", "=", number).execute();
  await settleRoom(step, roomId);
}

async function ack(step: Step, roomId: string, change: Change<"ack">): Promise<void> {
  const { scope } = await readRoom(step.tx, roomId);
  const alerts = (await readAlerts(step.tx, change.alerts)).filter(({ key }) => key.scope === scope);
  const taken = alerts
    .map((alert) => acknowledge(alert, change.ack))
    .filter((alert, at) => alert !== alerts[at]);
  // Nobody has looked at their customers for this: they are still to be judged by what changed before.
  for (const alert of taken) {
    await step.tx
      .updateTable("alerts")
      .set({ alert: JSON.stringify(alert) })
      .where("id", "=", alert.id)
      .execute();
  }
}

async function mute(step: Step, roomId: string, change: Change<"mute">): Promise<void> {
  const number = await nextMute(step, roomId);
  const { from, until } = change.mute;
  const row = {
    roomId,
    number,
    from,
    until,
    ended: 0,
    mute: JSON.stringify({ ...change.mute, roomId, number }),
  };
  await step.tx.insertInto("mutes").values(row).execute();
  await settleRoom(step, roomId);
}

async function nextMute({ tx }: Step, roomId: string): Promise<number> {
  const { last } = await tx
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("number").as("last"))
    .where("roomId", "=", roomId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

/** Its end is now, and what is still open is told as that (ALERTS 23). */
async function unmute(step: Step, roomId: string, { number }: Change<"unmute">): Promise<void> {
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
  await settleRoom(step, roomId);
}

async function follow({ tx }: Step, { follow }: Change<"follow">): Promise<void> {
  const { personId, scope, customerId } = follow;
  const content = { follow: JSON.stringify(follow), moved: 0 };
  await tx
    .insertInto("follows")
    .values({ personId, scope, customerId, ...content })
    .onConflict((conflict) => conflict.columns(["scope", "customerId", "personId"]).doUpdateSet(content))
    .execute();
}

async function digest({ tx, now }: Step, roomId: string, { schedule }: Change<"digest">): Promise<void> {
  if (schedule === undefined)
    return void (await tx.deleteFrom("digests").where("roomId", "=", roomId).execute());
  const content = { ...schedule, nextAt: nextDigestAt(schedule, now) };
  await tx
    .insertInto("digests")
    .values({ roomId, lastAt: null, ...content })
    .onConflict((conflict) => conflict.column("roomId").doUpdateSet(content))
    .execute();
}

const DRILL = "drill";

/** An alert like any other, of a customer that does not exist, for this space alone. */
async function drill(step: Step, roomId: string): Promise<void> {
  const { scope } = await readRoom(step.tx, roomId);
  const id = await takeNumbers(step.tx, "alerts", 1);
  const problems = [{ level: "error" as const, text: "This is a drill: nothing is wrong." }];
  const alert: Alert = {
    ...{ id, state: "open", generation: 1, openedAt: step.now, badSince: step.now, status: "error" },
    key: { scope, customerId: `${DRILL}:${id}`, item: DRILL, kind: "error" },
    ...{ from: "provisioned", attempt: 1, failures: 0, retrying: false, suspended: false, reopenedAt: [] },
    ...{ absent: 0, baseline: false, drill: roomId },
    subject: {
      ...{ id: `${DRILL}:${id}`, name: "Drill", address: {}, status: "provisioned_with_errors" },
      ...{ packages: [{ name: DRILL, status: "error", problems }], addOns: [], problems: [] },
    },
  };
  await writeAlerts(step.tx, [alert], step.now);
  await settleAlerts(step, [alert]);
}
