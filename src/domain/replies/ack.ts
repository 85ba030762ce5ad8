import { type Acknowledgement, type Alert, isActive, withoutInhibited } from "../alerts/alert.ts";
import type { AckCommand } from "../commands/ack.ts";
import { format } from "../commands/format.ts";
import { alertTitle, formatCount, formatTime, numberedAlertTitle } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { answerBesideAlertCard, answerOnAlertCard, pressedAlertIds } from "./press-effect.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

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
  if (free.length > 0) return ackAlerts(free, { note: command.note, others }, context);
  const [title = "", ...lines] = others;
  // A press is processed again after Webex could not be reached, and then its cards may not have been edited.
  const own = found.filter(({ ack }) => ack?.personId === context.sender.personId);
  return {
    ...textReply(title, lines, [ALERTS_BUTTON]),
    isSeparate: true,
    refreshAlerts: own.map(({ id }) => id),
  };
}

/** Undefined also for the drill of another space. */
export async function alertInRoom(number: number, { alerts, scope, roomId }: ReplyContext): Promise<Alert | undefined> {
  const alert = await alerts.find(scope, number);
  return alert?.drill === undefined || alert.drill === roomId ? alert : undefined;
}

export function unknownAlertLine(number: number): string {
  return `There is no alert ${number} here`;
}

async function ackAll({ note }: AckCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope } = context;
  const onCard = await pressedAlertIds(context);
  const ids = new Set(onCard.length > 0 ? onCard : await notifiedOpenIds(context));
  const free = (await alerts.active(scope)).filter((alert) => ids.has(alert.id) && isUnacked(alert));
  if (free.length > 0) return ackAlerts(free, { note, others: [] }, context);
  const title = "Nothing left to acknowledge";
  const those = onCard.length > 0 ? "on this card" : "that was sent to this space";
  return {
    ...textReply(title, [`Every alert ${those} is acknowledged or over.`], [ALERTS_BUTTON]),
    isSeparate: true,
  };
}

/** The alerts that the space was notified of, and that it does not know as closed. */
async function notifiedOpenIds({ alerts, roomId }: ReplyContext): Promise<readonly number[]> {
  const { notified } = await alerts.roomState(roomId);
  return notified.filter(({ state }) => state !== "closed").map(({ alertId }) => alertId);
}

async function chooseAlert(context: ReplyContext): Promise<Reply> {
  const free = withoutInhibited(await context.alerts.active(context.scope)).filter(isUnacked);
  if (free.length === 0) {
    const none = textReply("Nothing to acknowledge", ["Every alert is acknowledged or over."]);
    return answerBesideAlertCard(none, context);
  }
  const more = free.length > MAX_NAMED ? [`${free.length - MAX_NAMED} more are not shown here.`] : [];
  const reply = textReply(
    "Which alert?",
    [
      "Choose one, or type “ack” and its number. “ack all” acknowledges every open alert that was sent to this space.",
      ...more,
    ],
    free.slice(0, MAX_NAMED).map(ackButton),
  );
  return answerBesideAlertCard(reply, context);
}

interface AckOptions {
  readonly note: string | undefined;
  /** Lines on alerts that cannot be acknowledged. */
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
  const more = free.length > MAX_NAMED ? [`And ${free.length - MAX_NAMED} more.`] : [];
  return [...free.slice(0, MAX_NAMED).map((alert) => `Alert ${alert.id}: ${alertTitle(alert)}`), ...more];
}

/** Why an alert cannot be acknowledged; empty when it can. */
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
