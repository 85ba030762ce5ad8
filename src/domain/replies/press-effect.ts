import type { Alert } from "../alerts/alert.ts";
import { isPossiblyAlertCard } from "../alerts/alert-views.ts";
import { buildRefreshedView } from "../alerts/refreshed-view.ts";
import { format } from "../commands/format.ts";
import type { Command } from "../commands/registry.ts";
import type { AlertChange, RoomAlertState } from "../ports/alerting.ts";
import type { PostedCard } from "../ports/messaging.ts";
import type { View } from "../views/views.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** The parts of a press that decide what happens to its card. */
export interface Press {
  readonly command: Command;
  readonly senderId: string;
  /** By Webex's clock, epoch milliseconds. */
  readonly at: number;
}

/** Two presses of one person on one button within this span are one press. */
const DOUBLE_PRESS_MS = 3_000;

/**
 * The effect of a press: the answer replaces the card or is a new message `beside` it, or the press is `already` answered.
 * Buttons in Webex stay active for ever and for everybody. A press that was made before the card showed its answer needs no
 * second one.
 */
export function effectOf(press: Press, card: PostedCard): "already" | "replace" | "beside" {
  const text = format(withoutFresh(press.command));
  if (text === card.command && press.at <= card.shownAt) return "already";
  if (isDoublePress(press, card, text)) return "already";
  return opensBeside(press.command, card) ? "beside" : "replace";
}

/** The command that a card stands for: Refresh is not part of it. */
export function withoutFresh(command: Command): Command {
  return "fresh" in command ? { ...command, fresh: false } : command;
}

function isDoublePress({ senderId, at }: Press, { lastPress }: PostedCard, text: string): boolean {
  if (lastPress === undefined || lastPress.senderId !== senderId || lastPress.command !== text) return false;
  return Math.abs(at - lastPress.at) <= DOUBLE_PRESS_MS;
}

/** Cards that stay, unless the answer is to one of these commands. */
const REPLACED_BY: ReadonlyMap<PostedCard["kind"], readonly Command["name"][]> = new Map([
  ["help", ["help"]],
  ["customers", ["customers", "find"]],
  // It may be a list or a card of alerts.
  ["unknown", ["customers", "find", "ack", "unack", "mute", "unmute"]],
  ["summary", ["summary"]],
  ["history", ["history", "changes"]],
  ["subpartners", ["subpartners"]],
  ["subscribers", ["subscribers"]],
  ["audit", ["audit"]],
  ["alert", ["ack", "unack", "mute", "unmute", "alert"]],
  ["alerts", ["ack", "unack", "mute", "unmute", "alerts"]],
  ["storm", ["ack", "unack", "mute", "unmute"]],
]);

/** A reply with a file never replaces a card: if the file fails, the button must still be there. */
const SENDS_FILE: ReadonlySet<Command["name"]> = new Set(["export", "trend"]);

function opensBeside(command: Command, card: PostedCard): boolean {
  if (SENDS_FILE.has(command.name) || ("isFile" in command && command.isFile)) return true;
  // A card that nobody asked for, such as a baseline, stays: it is the record of the space.
  if (card.senderId === "" && !REPLACED_BY.has(card.kind)) return true;
  if ((command.name === "alerts" || command.name === "alert") && isUnrequested(card)) return true;
  return REPLACED_BY.get(card.kind)?.includes(command.name) === false;
}

/** A notice, and not the answer to `alerts` or `alert`, which can be refreshed. */
function isUnrequested({ kind, command }: PostedCard): boolean {
  return (kind === "alerts" || kind === "alert") && !/^alerts?\b/.test(command);
}

type ChangeOnCards = Extract<AlertChange, { readonly kind: "ack" | "unack" | "mute" | "unmute" }>;

/** A change that is saved after the reply is made, but shown in it: by the alerts and the mutes as they are after it. */
interface PendingChange {
  readonly change: ChangeOnCards;
  readonly alert?: (alert: Alert) => Alert;
  readonly mutes?: RoomAlertState["mutes"];
}

/** The pressed card of alerts after the change; undefined when no card of alerts was pressed. */
async function updatedAlertView(
  { alert = (unchanged) => unchanged, mutes }: Omit<PendingChange, "change">,
  context: ReplyContext,
): Promise<View | undefined> {
  const { alerts, roomId, pressed, clock } = context;
  if (pressed === undefined || !isPossiblyAlertCard(pressed)) return undefined;
  const card = await alerts.alertsOnCard(roomId, pressed.messageId);
  if (card === undefined) return undefined;
  const shown = card.shown.map((one) => ({ ...one, alert: alert(one.alert) }));
  const state = await alerts.roomState(roomId);
  const room = { roomId, mutes: mutes ?? state.mutes };
  const isStormOn = state.stormMessageId === pressed.messageId;
  const now = clock();
  const memory = await alerts.memoryOnCard(
    shown.map((one) => one.alert),
    now,
  );
  return buildRefreshedView(pressed.kind, { ...card, shown }, { room, memory, now, isStormOn });
}

/**
 * The reply with the change. When a card of alerts was pressed, the answer is that card, updated; otherwise it is `reply` as a
 * message, and the card owes an edit. That is so also for a card whose delivery is not recorded yet.
 */
export async function answerOnAlertCard(
  reply: Reply,
  { change, ...after }: PendingChange,
  context: ReplyContext,
): Promise<Reply> {
  const view = await updatedAlertView(after, context);
  const { pressed } = context;
  if (view === undefined || pressed === undefined)
    return { ...answerBesideAlertCard(reply, context), changes: [{ kind: "alerting", change }] };
  return { ...reply, view, changes: [{ kind: "alerting", change: { ...change, shownOn: pressed.messageId } }] };
}

/** A message never replaces a card of alerts. */
export function answerBesideAlertCard(reply: Reply, { pressed }: Pick<ReplyContext, "pressed">): Reply {
  return pressed !== undefined && isPossiblyAlertCard(pressed) ? { ...reply, isSeparate: true } : reply;
}
