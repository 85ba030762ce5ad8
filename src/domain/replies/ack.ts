import { type Acknowledgement, type Alert, isActive, withoutInhibited } from "../alerts/alert.ts";
import type { AckCommand } from "../commands/ack.ts";
import { format } from "../commands/format.ts";
import { alertTitle, formatCount, formatTime, numberedAlertTitle, textReply } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { answerBesideAlertCard, answerOnAlertCard, pressedAlertIds } from "./press.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** How many alerts are worth naming in one answer. */
const MOST_NAMED = 5;

/** Somebody takes alerts (ALERTS 22). What is taken already stays with whoever has it. */
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
  if (free.length > 0) return ackAlerts(free, { note: command.note, others }, context);
  const [title = "", ...lines] = others;
  // A press is answered again when Webex could not be reached: its cards may not have been brought up to date then.
  const own = found.filter(({ ack }) => ack?.personId === context.sender.personId);
  return {
    ...textReply(title, lines, [ALERTS_BUTTON]),
    isSeparate: true,
    refreshAlerts: own.map(({ id }) => id),
  };
}

/** The alert of this number, as far as this space may know it: a drill is of its own space alone. */
export async function alertInRoom(number: number, { alerts, scope, roomId }: ReplyContext): Promise<Alert | undefined> {
  const alert = await alerts.find(scope, number);
  return alert?.drill === undefined || alert.drill === roomId ? alert : undefined;
}

export function unknownAlertLine(number: number): string {
  return `There is no alert ${number} here`;
}

async function ackAll({ note }: AckCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope } = context;
  const shown = await pressedAlertIds(context);
  const known = new Set(shown.length > 0 ? shown : await notifiedOpenIds(context));
  const free = (await alerts.active(scope)).filter((alert) => known.has(alert.id) && isUnacked(alert));
  if (free.length > 0) return ackAlerts(free, { note, others: [] }, context);
  const title = "Nothing left to acknowledge";
  const those = shown.length > 0 ? "on this card" : "that was sent to this space";
  return {
    ...textReply(title, [`Every alert ${those} is acknowledged or over.`], [ALERTS_BUTTON]),
    isSeparate: true,
  };
}

/** The numbers of the alerts that the space was told of, and not of their end. */
async function notifiedOpenIds({ alerts, roomId }: ReplyContext): Promise<readonly number[]> {
  const { notified } = await alerts.roomState(roomId);
  return notified.filter(({ state }) => state !== "closed").map(({ alertId }) => alertId);
}

async function chooseAlert(context: ReplyContext): Promise<Reply> {
  const free = withoutInhibited(await context.alerts.active(context.scope)).filter(isUnacked);
  if (free.length === 0)
    return answerBesideAlertCard(
      textReply("Nothing to acknowledge", ["Every alert is acknowledged or over."]),
      context,
    );
  const more = free.length > MOST_NAMED ? [`${free.length - MOST_NAMED} more are not shown here.`] : [];
  const reply = textReply(
    "Which alert?",
    [
      "Choose one, or type “ack” and its number. “ack all” acknowledges every open alert that was sent to this space.",
      ...more,
    ],
    free.slice(0, MOST_NAMED).map(ackButton),
  );
  return answerBesideAlertCard(reply, context);
}

interface AckOptions {
  readonly note: string | undefined;
  /** What is said of those that cannot be taken. */
  readonly others: readonly string[];
}

async function ackAlerts(free: readonly Alert[], { note, others }: AckOptions, context: ReplyContext): Promise<Reply> {
  const { sender, clock } = context;
  const ack: Acknowledgement = { ...sender, at: clock(), ...(note !== undefined && { note }) };
  const ids = free.map(({ id }) => id);
  const reply: Reply = {
    ...textReply(
      ackTitle(free, sender.name),
      [...(note === undefined ? [] : [`“${note}”`]), ...alertLines(free), ...others],
      [ALERTS_BUTTON],
    ),
    changes: [{ kind: "alerting", change: { kind: "ack", alerts: ids, ack } }],
    refreshAlerts: ids,
  };
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? { ...one, ack } : one);
  return answerOnAlertCard(reply, { alert }, context);
}

function ackTitle(free: readonly Alert[], name: string): string {
  const [only, ...others] = free;
  if (only !== undefined && others.length === 0) return `${name} acknowledged ${numberedAlertTitle(only)}`;
  return `${name} acknowledged ${formatCount(free.length, "alert")}`;
}

function alertLines(free: readonly Alert[]): readonly string[] {
  if (free.length === 1) return [];
  const more = free.length > MOST_NAMED ? [`And ${free.length - MOST_NAMED} more.`] : [];
  return [...free.slice(0, MOST_NAMED).map((alert) => `Alert ${alert.id}: ${alertTitle(alert)}`), ...more];
}

/** Why an alert cannot be taken; nothing of one that can. */
function notAckedLines(alert: Alert, now: number): readonly string[] {
  const { id, ack } = alert;
  if (!isActive(alert)) return [`Alert ${id} is already over`];
  return ack === undefined ? [] : [`${ack.name} acknowledged alert ${id} at ${formatTime(ack.at, now)}`];
}

function isUnacked(alert: Alert): boolean {
  return isActive(alert) && alert.ack === undefined;
}

export const ALERTS_BUTTON: Button = { title: "Alerts", command: "alerts" };

const ackButton = (alert: Alert): Button => ({
  title: `${alert.id}: ${alertTitle(alert)}`,
  command: format({ name: "ack", alerts: [alert.id] }),
});
