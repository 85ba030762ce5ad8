import { type Acknowledgement, type Alert, endAck, isActive, isUnacked } from "../alerts/alert.ts";
import { undoAckButton } from "../alerts/alert-buttons.ts";
import type { AckCommand, UnackCommand } from "../commands/ack.ts";
import { format } from "../commands/format.ts";
import { alertTitle, formatCount, formatDuration, formatTime, numberedAlertTitle } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { answerBesideAlertCard, answerOnAlertCard } from "./press-effect.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { openAlerts } from "./space-alerts.ts";

const MAX_NAMED = 5;

/** Acknowledges alerts (ALERTS 22). An alert that is acknowledged already is not changed. */
export async function replyAck(command: AckCommand, context: ReplyContext): Promise<Reply> {
  if (command.alerts === "all") return ackAll(command, context);
  if (command.alerts.length === 0) return chooseAlert(context);
  const found: Alert[] = [];
  const unknown: number[] = [];
  for (const number of command.alerts) {
    const alert = await alertInRoom(number, context);
    if (alert === undefined) unknown.push(number);
    else found.push(alert);
  }
  const free = found.filter(isUnacked);
  const now = context.clock();
  const others = [...unknown.map(unknownAlertLine), ...found.flatMap((alert) => notAckedLines(alert, now))];
  if (free.length > 0) return ackAlerts(free, { note: command.note, durationMs: command.durationMs, others }, context);
  return unchangedReply(command, { taken: found.filter(isActive), others });
}

interface Unchanged {
  /** The alerts that are acknowledged already. */
  readonly taken: readonly Alert[];
  readonly others: readonly string[];
}

/** Says what an earlier acknowledgement has kept out, so that nobody relies on it. */
function unchangedReply({ note, durationMs }: AckCommand, { taken, others: [title = "", ...lines] }: Unchanged): Reply {
  const lost = [
    ...(note === undefined ? [] : [`The note “${note}” was not added.`]),
    ...(durationMs === undefined ? [] : [`It was not limited to ${formatDuration(durationMs)}.`]),
  ];
  if (taken.length === 0 || lost.length === 0) return { ...textReply(title, lines, [ALERTS_BUTTON]), isSeparate: true };
  const how = `${lost.join(" ")} Undo it first, then acknowledge the alert again.`;
  const undo = undoAckButton(taken.map(({ id }) => id));
  return { ...textReply(title, [...lines, how], [undo, ALERTS_BUTTON]), isSeparate: true };
}

type RoomContext = Pick<ReplyContext, "alerts" | "scope" | "roomId">;

/** Undefined also for the drill of another space. */
export async function alertInRoom(number: number, { alerts, scope, roomId }: RoomContext): Promise<Alert | undefined> {
  const alert = await alerts.find(scope, number);
  return alert?.drill === undefined || alert.drill === roomId ? alert : undefined;
}

export function unknownAlertLine(number: number): string {
  return `There is no alert ${number} here`;
}

/** All that `alerts` lists, typed or pressed. */
async function ackAll({ note, durationMs }: AckCommand, context: ReplyContext): Promise<Reply> {
  const { own } = await openAlerts(context);
  const free = own.filter(isUnacked);
  if (free.length > 0) return ackAlerts(free, { note, durationMs, others: [] }, context);
  return {
    ...textReply("Nothing left to acknowledge", ["Every open alert of this space is acknowledged."], [ALERTS_BUTTON]),
    isSeparate: true,
  };
}

async function chooseAlert(context: ReplyContext): Promise<Reply> {
  const free = (await openAlerts(context)).own.filter(isUnacked);
  if (free.length === 0) {
    const none = textReply("Nothing to acknowledge", ["Every alert is acknowledged or over."]);
    return answerBesideAlertCard(none, context);
  }
  const more = free.length > MAX_NAMED ? [`${free.length - MAX_NAMED} more are not shown here.`] : [];
  const reply = textReply(
    "Which alert?",
    [`Choose one, or type “ack” and its number. “ack all” acknowledges all ${free.length} of this space.`, ...more],
    free.slice(0, MAX_NAMED).map(ackButton),
  );
  return answerBesideAlertCard(reply, context);
}

interface AckOptions {
  readonly note: string | undefined;
  readonly durationMs: number | undefined;
  /** Lines on alerts that cannot be acknowledged. */
  readonly others: readonly string[];
}

async function ackAlerts(
  free: readonly Alert[],
  { note, others, durationMs }: AckOptions,
  context: ReplyContext,
): Promise<Reply> {
  const { sender, roomId, clock } = context;
  const at = clock();
  const until = durationMs === undefined ? undefined : at + durationMs;
  const ack: Acknowledgement = {
    ...sender,
    at,
    ...(note !== undefined && { note, notedIn: roomId }),
    ...(until !== undefined && { until }),
  };
  const ids = free.map(({ id }) => id);
  const reply = textReply(
    ackTitle(free, sender.name),
    [
      ...(note === undefined ? [] : [`“${note}”`]),
      ...(until === undefined ? [] : [`Until ${formatTime(until, at)}; then reminders go on.`]),
      ...alertLines(free),
      ...others,
    ],
    [{ ...undoAckButton(ids), title: "Undo" }, ALERTS_BUTTON],
  );
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? { ...one, ack } : one);
  return answerOnAlertCard(reply, { change: { kind: "ack", alerts: ids, ack }, alert }, context);
}

/** Takes acknowledgements back, whoever made them; reminders go on (ALERTS 22). */
export async function replyUnack({ alerts }: UnackCommand, context: ReplyContext): Promise<Reply> {
  if (alerts.length === 0) return chooseAcked(context);
  const found = await Promise.all(alerts.map((number) => alertInRoom(number, context)));
  const acked = found
    .filter((alert) => alert !== undefined)
    .filter((alert) => isActive(alert) && alert.ack !== undefined);
  const ids = acked.map(({ id }) => id);
  if (ids.length === 0) {
    const title = alerts.length === 1 ? `Alert ${alerts[0]} is not acknowledged` : "None of these is acknowledged";
    return { ...textReply(title, [], [ALERTS_BUTTON]), isSeparate: true };
  }
  const again: Button = { title: "Acknowledge again", command: format({ name: "ack", alerts: ids }) };
  const reply = textReply(unackTitle(acked), ["Reminders go on.", ...alertLines(acked)], [again, ALERTS_BUTTON]);
  const now = context.clock();
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? endAck(one, "taken back", now) : one);
  return answerOnAlertCard(reply, { change: { kind: "unack", alerts: ids }, alert }, context);
}

function unackTitle(acked: readonly Alert[]): string {
  const [only, ...others] = acked;
  if (only !== undefined && others.length === 0) return `No longer acknowledged: ${numberedAlertTitle(only)}`;
  return `No longer acknowledged: ${formatCount(acked.length, "alert")}`;
}

async function chooseAcked(context: ReplyContext): Promise<Reply> {
  const acked = (await openAlerts(context)).own.filter(({ ack }) => ack !== undefined);
  const reply =
    acked.length === 0
      ? textReply("Nothing is acknowledged in this space", [], [ALERTS_BUTTON])
      : textReply(
          "Which alert?",
          ["Choose the acknowledgement to take back, or type “unack” and the number of its alert."],
          acked
            .slice(0, MAX_NAMED)
            .map((alert) => ({ ...undoAckButton([alert.id]), title: `${alert.id}: ${alertTitle(alert)}` })),
        );
  return answerBesideAlertCard(reply, context);
}

function ackTitle(free: readonly Alert[], name: string): string {
  const [only, ...others] = free;
  if (only !== undefined && others.length === 0) return `${name} acknowledged ${numberedAlertTitle(only)}`;
  return `${name} acknowledged ${formatCount(free.length, "alert")}`;
}

function alertLines(free: readonly Alert[]): readonly string[] {
  if (free.length === 1) return [];
  const more = free.length > MAX_NAMED ? [`And ${free.length - MAX_NAMED} more.`] : [];
  return [...free.slice(0, MAX_NAMED).map((alert) => `Alert ${alert.id}: ${alertTitle(alert)}`), ...more];
}

/** Why an alert cannot be acknowledged; empty when it can. */
function notAckedLines(alert: Alert, now: number): readonly string[] {
  const { id, ack } = alert;
  if (!isActive(alert)) return [`Alert ${id} is already over`];
  if (ack === undefined) return [];
  const until = ack.until === undefined ? "" : `, until ${formatTime(ack.until, now)}`;
  return [`${ack.name} acknowledged alert ${id} at ${formatTime(ack.at, now)}${until}`];
}

export const ALERTS_BUTTON: Button = { title: "Alerts", command: "alerts" };

const ackButton = (alert: Alert): Button => ({
  title: `${alert.id}: ${alertTitle(alert)}`,
  command: format({ name: "ack", alerts: [alert.id] }),
});
