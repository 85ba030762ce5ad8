import {
  type Acknowledgement,
  type Alert,
  acknowledge,
  changesOwnAck,
  endAck,
  isActive,
  isUnacked,
} from "../alerts/alert.ts";
import { undoAckButton } from "../alerts/alert-buttons.ts";
import type { AckCommand, UnackCommand } from "../commands/ack.ts";
import { format } from "../commands/format.ts";
import { alertTitle, formatCount, formatDuration, formatTime, numberedAlertTitle } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { answerBesideAlertCard, answerOnAlertCard } from "./press-effect.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { openAlerts } from "./space-alerts.ts";

const MAX_NAMED = 5;

/** Acknowledges alerts (ALERTS 22). What somebody else has acknowledged already is not changed. */
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
  const ack = acknowledgement(command, context);
  const taken = found.filter((alert) => acknowledge(alert, ack) !== alert);
  const left = found.filter((alert) => !taken.includes(alert));
  const others = [...unknown.map(unknownAlertLine), ...left.map((alert) => notAckedLine(alert, ack.at))];
  if (taken.length > 0) return ackAlerts(taken, { ack, others }, context);
  return unchangedReply(command, { acked: left.filter(isActive), others });
}

interface Unchanged {
  /** The alerts that are acknowledged already. */
  readonly acked: readonly Alert[];
  readonly others: readonly string[];
}

/** Says what an earlier acknowledgement has kept out, so that nobody relies on it. */
function unchangedReply(command: AckCommand, { acked, others: [title = "", ...lines] }: Unchanged): Reply {
  const lost = lostLines(command);
  if (acked.length === 0 || lost.length === 0) return { ...textReply(title, lines, [ALERTS_BUTTON]), isSeparate: true };
  const how = `${lost.join(" ")} Undo it first, then acknowledge the alert again.`;
  const undo = undoAckButton(acked.map(({ id }) => id));
  return { ...textReply(title, [...lines, how], [undo, ALERTS_BUTTON]), isSeparate: true };
}

function lostLines({ note, durationMs }: AckCommand): readonly string[] {
  return [
    ...(note === undefined ? [] : [`The note “${note}” was not added.`]),
    ...(durationMs === undefined ? [] : [`It was not limited to ${formatDuration(durationMs)}.`]),
  ];
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

/** Acknowledges each open alert that nobody has. If there is none, the note and the end are for the alerts of this person. */
async function ackAll(command: AckCommand, context: ReplyContext): Promise<Reply> {
  const { own } = await openAlerts(context);
  const ack = acknowledgement(command, context);
  const free = own.filter(isUnacked);
  const taken = free.length > 0 ? free : own.filter((alert) => changesOwnAck(alert, ack));
  if (taken.length > 0) return ackAlerts(taken, { ack, others: [] }, context);
  const lines = ["Every open alert of this space is acknowledged.", ...lostLines(command)];
  return { ...textReply("Nothing left to acknowledge", lines, [ALERTS_BUTTON]), isSeparate: true };
}

function acknowledgement({ note, durationMs }: AckCommand, { sender, roomId, clock }: ReplyContext): Acknowledgement {
  const at = clock();
  return {
    ...sender,
    at,
    ...(note !== undefined && { note, notedIn: roomId }),
    ...(durationMs !== undefined && { until: at + durationMs }),
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
  readonly ack: Acknowledgement;
  /** Lines on alerts that cannot be acknowledged. */
  readonly others: readonly string[];
}

/** @param taken without an acknowledgement, or with an own one that gets another note or end */
async function ackAlerts(taken: readonly Alert[], { ack, others }: AckOptions, context: ReplyContext): Promise<Reply> {
  const ids = taken.map(({ id }) => id);
  const isChanged = !taken.some(isUnacked);
  const [first, ...more] = taken.map((alert) => acknowledge(alert, ack).ack ?? ack);
  const { note, notedIn, until } = first !== undefined && more.length === 0 ? first : ack;
  const reply = textReply(
    `${ack.name} ${isChanged ? "changed the acknowledgement of" : "acknowledged"} ${alertsTitle(taken)}`,
    [
      ...(note === undefined || notedIn !== context.roomId ? [] : [`“${note}”`]),
      ...(until === undefined ? [] : [`Until ${formatTime(until, ack.at)}; then reminders go on.`]),
      ...alertLines(taken),
      ...others,
    ],
    [isChanged ? undoAckButton(ids) : { ...undoAckButton(ids), title: "Undo" }, ALERTS_BUTTON],
  );
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? acknowledge(one, ack) : one);
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
  const reply = textReply(
    `No longer acknowledged: ${alertsTitle(acked)}`,
    ["Reminders go on.", ...alertLines(acked)],
    [again, ALERTS_BUTTON],
  );
  const now = context.clock();
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? endAck(one, "taken back", now) : one);
  return answerOnAlertCard(reply, { change: { kind: "unack", alerts: ids }, alert }, context);
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

function alertsTitle(alerts: readonly Alert[]): string {
  const [only, ...others] = alerts;
  return only !== undefined && others.length === 0 ? numberedAlertTitle(only) : formatCount(alerts.length, "alert");
}

function alertLines(free: readonly Alert[]): readonly string[] {
  if (free.length === 1) return [];
  const more = free.length > MAX_NAMED ? [`And ${free.length - MAX_NAMED} more.`] : [];
  return [...free.slice(0, MAX_NAMED).map((alert) => `Alert ${alert.id}: ${alertTitle(alert)}`), ...more];
}

/** Why an alert is not acknowledged now. */
function notAckedLine({ id, ack, ...alert }: Alert, now: number): string {
  if (ack === undefined || !isActive(alert)) return `Alert ${id} is already over`;
  const until = ack.until === undefined ? "" : `, until ${formatTime(ack.until, now)}`;
  return `${ack.name} acknowledged alert ${id} at ${formatTime(ack.at, now)}${until}`;
}

export const ALERTS_BUTTON: Button = { title: "Alerts", command: "alerts" };

const ackButton = (alert: Alert): Button => ({
  title: `${alert.id}: ${alertTitle(alert)}`,
  command: format({ name: "ack", alerts: [alert.id] }),
});
