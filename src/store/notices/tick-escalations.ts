import type { Kysely } from "kysely";
import type { Alert } from "../../domain/alerts/alert.ts";
import type { Target } from "../../domain/notices/outbox.ts";
import type { WatchingRoom } from "../../domain/notices/reconcile.ts";
import { ESCALATE_MS, isUnattended } from "../../domain/notices/remind.ts";
import { isWanted, spaceOf } from "../../domain/notices/watch.ts";
import { IDS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import { readBeliefs } from "./beliefs.ts";
import { lockLine } from "./lines.ts";
import { reschedule } from "./owing.ts";
import { readAlerts, readRoom } from "./reading.ts";
import { type Owed, writeAllOwed } from "./rows.ts";
import { inStep, type OutboxDeps, type Step } from "./step.ts";
import { targetText } from "./targets.ts";

/** Calls in whom watches name for what nobody has taken for half an hour, once (ALERTS 24). */
export async function oweEscalations(deps: OutboxDeps, now: number): Promise<void> {
  for (const roomId of await roomsThatEscalate(deps.db)) {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after;
      after = await inStep(deps, now, (step) => escalateSome(step, roomId, from));
    }
  }
}

async function roomsThatEscalate(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .leftJoin("lines", "target", "roomId")
    .select("roomId")
    .distinct()
    .where("escalates", "=", 1)
    .where("suspendedAt", "is", null)
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

interface Escalation extends Owed {
  readonly alertId: number;
}

/** Looks at some of a space's alerts behind `after`, by number; returns the last of them, undefined when there are no more. */
async function escalateSome(step: Step, roomId: string, after: number): Promise<number | undefined> {
  const { tx, now } = step;
  await lockLine(step, roomId);
  const rows = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("toldAt", "<=", now - ESCALATE_MS)
    .where("escalatedAt", "is", null)
    .where("alertId", ">", after)
    .orderBy("alertId")
    .limit(IDS)
    .execute();
  const ids = rows.map(({ alertId }) => alertId);
  const room = await readRoom(tx, roomId);
  const untaken = await readUntaken(step, room, ids);
  const owed = untaken.flatMap((alert) => escalationsOf(room, alert, now));
  await markEscalated(step, roomId, owed);
  await writeAllOwed(step, owed);
  const targets = new Set(owed.map(({ target }) => targetText(target)));
  for (const target of [...targets].sort()) {
    await lockLine(step, target);
    await reschedule(step, target);
  }
  return ids.length < IDS ? undefined : ids.at(-1);
}

async function readUntaken(
  { tx, now }: Step,
  room: WatchingRoom,
  ids: readonly number[],
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(tx, ids);
  const { desired } = await readBeliefs(tx, room, alerts, now);
  return alerts.filter(
    (alert) => alert.state === "open" && isUnattended(alert, { state: "open" }) && desired(alert) === "open",
  );
}

/** What is owed to everybody whom a watch for this alert names. */
function escalationsOf({ roomId, watches }: WatchingRoom, alert: Alert, now: number): readonly Escalation[] {
  if (alert.drill !== undefined) return [];
  const { id: alertId, generation } = alert;
  const wanting = watches.filter((watch) => isWanted(watch, alert, now));
  const named = wanting.flatMap(({ options }) => options.escalate ?? []);
  const says = { roomId, space: spaceOf(wanting) };
  return [...new Set(named)].map((name) => ({
    target: targetNamed(name),
    kind: "escalation",
    ...{ alertId, generation, says },
  }));
}

/** Once is enough. */
async function markEscalated({ tx, now }: Step, roomId: string, owed: readonly Escalation[]): Promise<void> {
  const ids = [...new Set(owed.map(({ alertId }) => alertId))];
  if (ids.length === 0) return;
  await tx
    .updateTable("announced")
    .set({ escalatedAt: now })
    .where("roomId", "=", roomId)
    .where("alertId", "in", ids)
    .execute();
}

/** An e-mail address, or the id of a space. */
const targetNamed = (name: string): Target => (name.includes("@") ? { email: name } : { roomId: name });
