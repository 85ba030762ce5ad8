import { type Acknowledgement, type Alert, isActive } from "../alerts/alert.ts";
import { withoutHeldBack } from "../alerts/held-back.ts";
import type { AckCommand } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { aboutOf, numbered } from "./alert-title.ts";
import { counted, timeOf } from "./figures.ts";
import { besideBoard, onBoard, shownOnBoard } from "./pressed-board.ts";
import type { Context, Reply } from "./reply.ts";
import { say } from "./say.ts";
import type { Button } from "./views.ts";

/** How many alerts are worth naming in one answer. */
const MOST_NAMED = 5;

/** Somebody takes alerts (ALERTS 22). What is taken already stays with whoever has it. */
export async function replyAck(command: AckCommand, context: Context): Promise<Reply> {
  if (command.alerts === "all") return takeAll(command, context);
  if (command.alerts.length === 0) return chooseAlert(context);
  const found: Alert[] = [];
  const unknown: number[] = [];
  for (const number of command.alerts) {
    const alert = await ofSpace(number, context);
    if (alert === undefined) unknown.push(number);
    else found.push(alert);
  }
  const free = found.filter(isFree);
  const now = context.clock();
  const others = [...unknown.map(unknownLine), ...found.flatMap((alert) => lineOfOther(alert, now))];
  if (free.length > 0) return take(free, { note: command.note, others }, context);
  const [title = "", ...lines] = others;
  // A press is answered again when Webex could not be reached: its cards may not have been brought up to date then.
  const own = found.filter(({ ack }) => ack?.personId === context.sender.personId);
  return { ...say(title, lines, [ALERTS]), beside: true, refresh: own.map(({ id }) => id) };
}

/** The alert of this number, as far as this space may know it: a drill is of its own space alone. */
export async function ofSpace(
  number: number,
  { alerts, scope, roomId }: Context,
): Promise<Alert | undefined> {
  const alert = await alerts.find(scope, number);
  return alert?.drill === undefined || alert.drill === roomId ? alert : undefined;
}

export function unknownLine(number: number): string {
  return `There is no alert ${number} here`;
}

async function takeAll({ note }: AckCommand, context: Context): Promise<Reply> {
  const { alerts, scope } = context;
  const shown = await shownOnBoard(context);
  const known = new Set(shown.length > 0 ? shown : await believedOpen(context));
  const free = (await alerts.active(scope)).filter((alert) => known.has(alert.id) && isFree(alert));
  if (free.length > 0) return take(free, { note, others: [] }, context);
  const title = "There is nothing left to take";
  const those = shown.length > 0 ? "of this card" : "that this space was told of";
  return { ...say(title, [`Every open alert ${those} is taken, or there is none.`], [ALERTS]), beside: true };
}

/** The numbers of the alerts that the space was told of, and not of their end. */
async function believedOpen({ alerts, roomId }: Context): Promise<readonly number[]> {
  const { told } = await alerts.desk(roomId);
  return told.filter(({ state }) => state !== "closed").map(({ alertId }) => alertId);
}

async function chooseAlert(context: Context): Promise<Reply> {
  const free = withoutHeldBack(await context.alerts.active(context.scope)).filter(isFree);
  if (free.length === 0)
    return besideBoard(say("There is nothing to take", ["No open alert is without an owner."]), context);
  const more = free.length > MOST_NAMED ? [`${free.length - MOST_NAMED} more are not shown here.`] : [];
  const reply = say(
    "Which alert?",
    ["Choose one, or type ack and its number; “ack all” takes all that this space was told of.", ...more],
    free.slice(0, MOST_NAMED).map(takeButton),
  );
  return besideBoard(reply, context);
}

interface Taking {
  readonly note: string | undefined;
  /** What is said of those that cannot be taken. */
  readonly others: readonly string[];
}

async function take(free: readonly Alert[], { note, others }: Taking, context: Context): Promise<Reply> {
  const { sender, clock } = context;
  const ack: Acknowledgement = { ...sender, at: clock(), ...(note !== undefined && { note }) };
  const ids = free.map(({ id }) => id);
  const reply: Reply = {
    ...say(
      titleOf(free, sender.name),
      [...(note === undefined ? [] : [`“${note}”`]), ...listed(free), ...others],
      [ALERTS],
    ),
    changes: [{ kind: "alerting", change: { kind: "ack", alerts: ids, ack } }],
    refresh: ids,
  };
  const alert = (one: Alert): Alert => (ids.includes(one.id) ? { ...one, ack } : one);
  return onBoard(reply, { alert }, context);
}

function titleOf(free: readonly Alert[], name: string): string {
  const [only, ...others] = free;
  if (only !== undefined && others.length === 0) return `${name} has taken ${numbered(only)}`;
  return `${name} has taken ${counted(free.length, "alert")}`;
}

function listed(free: readonly Alert[]): readonly string[] {
  if (free.length === 1) return [];
  const more = free.length > MOST_NAMED ? [`And ${free.length - MOST_NAMED} more.`] : [];
  return [...free.slice(0, MOST_NAMED).map((alert) => `Alert ${alert.id}: ${aboutOf(alert)}`), ...more];
}

/** Why an alert cannot be taken; nothing of one that can. */
function lineOfOther(alert: Alert, now: number): readonly string[] {
  const { id, ack } = alert;
  if (!isActive(alert)) return [`Alert ${id} is over already`];
  return ack === undefined ? [] : [`${ack.name} took alert ${id} at ${timeOf(ack.at, now)}`];
}

function isFree(alert: Alert): boolean {
  return isActive(alert) && alert.ack === undefined;
}

export const ALERTS: Button = { title: "Alerts", command: "alerts" };

const takeButton = (alert: Alert): Button => ({
  title: `${alert.id}: ${aboutOf(alert)}`,
  command: format({ name: "ack", alerts: [alert.id] }),
});
