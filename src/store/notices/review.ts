import type { Alert } from "../../domain/alerts/alert.ts";
import type { Line } from "../../domain/notices/group.ts";
import { isUrgent, type Notice, type NoticeKind } from "../../domain/notices/outbox.ts";
import {
  type AlertNotice,
  type Announced,
  stateOf,
  type WatchingRoom,
} from "../../domain/notices/reconcile.ts";
import { isUnattended } from "../../domain/notices/remind.ts";
import { isOver } from "../../domain/notices/storm.ts";
import { aboutCatchUp, aboutReminder } from "./about.ts";
import { type Beliefs, readBeliefs } from "./beliefs.ts";
import { readAlerts } from "./reading.ts";
import { readWaiting, retell, writeNotices } from "./rows.ts";
import type { Step } from "./step.ts";

/** What notices are held against before they are told. */
interface Present {
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly line: Line;
  readonly alerts: ReadonlyMap<number, Alert>;
  readonly beliefs: Beliefs | undefined;
}

/**
 * What waits for a target and is still to be told, each in the kind in which it is to be told now (ALERTS 20): what cancels
 * out is dropped, and what may have been posted never is.
 */
export async function review(
  step: Step,
  target: string,
  { room, line }: Pick<Present, "room" | "line">,
): Promise<readonly Notice[]> {
  const { tx, now } = step;
  const waiting = await readWaiting(tx, target);
  const alerts = await readAlerts(
    tx,
    waiting.map(({ alertId }) => alertId),
  );
  const beliefs = room && (await readBeliefs(tx, room, alerts, now));
  const present = { room, line, beliefs, alerts: new Map(alerts.map((alert) => [alert.id, alert])) };
  const kept = new Map<number, Notice>();
  for (const notice of oncePerAlert(waiting)) {
    const kind = await kindNow(step, notice, present);
    const generation = present.alerts.get(notice.alertId)?.generation ?? notice.generation;
    const one = kind && (await retell(step, notice, { kind, generation }));
    if (one !== undefined) kept.set(one.id, one);
  }
  const ids = waiting.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  await writeNotices(step, { ids, from: ["pending"] }, { state: "transient" });
  return [...kept.values()];
}

const isOfAlert = ({ alertId, kind }: Notice): boolean => alertId !== 0 && !isUrgent(kind);

/** A space is told one thing of an alert: that which may have been posted, else what was owed first. */
function oncePerAlert(waiting: readonly Notice[]): readonly Notice[] {
  const unsureFirst = [...waiting].sort((a, b) => Number(b.maybeSent) - Number(a.maybeSent) || a.id - b.id);
  const seen = new Set<number>();
  return unsureFirst.filter((notice) => {
    const isRepeated = isOfAlert(notice) && seen.has(notice.alertId);
    if (isOfAlert(notice)) seen.add(notice.alertId);
    return !isRepeated;
  });
}

/** As what a notice is to be told now; undefined when there is nothing to tell any more. */
async function kindNow(step: Step, notice: Notice, present: Present): Promise<NoticeKind | undefined> {
  if (isOfAlert(notice)) return alertKindNow(notice, present);
  if (notice.maybeSent) return notice.kind;
  const { room, line, alerts } = present;
  const isOwed = async (): Promise<boolean> => {
    if (notice.kind === "escalation") return isUntaken(alerts.get(notice.alertId));
    if (notice.kind === "storm-end")
      return line.storm !== undefined && isOver(line.storm, step.timings, step.now);
    if (room === undefined) return true;
    const reader = { room, line, now: step.now };
    if (notice.kind === "reminder") return (await aboutReminder(step.tx, reader)).length > 0;
    if (notice.kind === "catch-up") return (await aboutCatchUp(step.tx, reader)).length > 0;
    return true;
  };
  return (await isOwed()) ? notice.kind : undefined;
}

const isUntaken = (alert: Alert | undefined): boolean =>
  alert !== undefined && isUnattended(alert, { state: "open" });

function alertKindNow({ alertId, kind, maybeSent }: Notice, present: Present): AlertNotice | undefined {
  const alert = present.alerts.get(alertId);
  if (alert === undefined || present.beliefs === undefined) return undefined;
  const owed = present.beliefs.owed(alert);
  if (owed !== undefined || !maybeSent) return owed;
  return repeated(kind, alert, present.beliefs.told(alert));
}

/** What may have been posted is said again, as it is now: it may be that the space believes what is not so any more. */
function repeated(kind: NoticeKind, alert: Alert, told: Announced | undefined): AlertNotice {
  if (told === undefined) return "alert";
  const state = stateOf(alert);
  if (state !== "open") return state === "closed" ? "recovery" : "flapping";
  if (kind === "flapping") return "steady";
  return kind === "retry" || kind === "steady" ? kind : "reopen";
}
