import type { Alert } from "../alerts/alert.ts";
import { buildRefreshedView, isPossiblyAlertCard } from "../alerts/alert-cards.ts";
import { format } from "../commands/format.ts";
import type { Command } from "../commands/registry.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import type { PostedCard } from "../ports/messaging.ts";
import type { View } from "../views/views.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** A press on a card, as far as it decides what becomes of that card. */
export interface Press {
  readonly command: Command;
  readonly senderId: string;
  /** By Webex's clock, epoch milliseconds. */
  readonly at: number;
}

/** Two presses of one person on one button within this span are one press. */
const DOUBLE_PRESS_MS = 3_000;

/**
 * What a press does to its card: `already` answered, `replace` it by the answer, or answer `beside` it.
 * Buttons in Webex stay alive for ever and for everybody, so each press must do something sensible, and nothing twice:
 * a press made before the card came to show what it asks for has been answered by that very change.
 */
export function effectOf(press: Press, card: PostedCard): "already" | "replace" | "beside" {
  const text = format(withoutFresh(press.command));
  if (text === card.command && press.at <= card.shownAt) return "already";
  if (isDoublePress(press, card, text)) return "already";
  return opensBeside(press.command, card) ? "beside" : "replace";
}

/** The command that a card goes on showing: Refresh is for once. */
export function withoutFresh(command: Command): Command {
  return "fresh" in command ? { ...command, fresh: false } : command;
}

function isDoublePress({ senderId, at }: Press, { lastPress }: PostedCard, text: string): boolean {
  if (lastPress === undefined || lastPress.senderId !== senderId || lastPress.command !== text) return false;
  return Math.abs(at - lastPress.at) <= DOUBLE_PRESS_MS;
}

/** What these cards show stays to be read; only an answer of the same sort takes their place. */
const KEPT_UNLESS: ReadonlyMap<PostedCard["kind"], readonly Command["name"][]> = new Map([
  ["help", []],
  ["customers", ["customers", "find"]],
  // A card of which nothing is known may well be a list, or one of alerts.
  ["unknown", ["customers", "find", "ack", "mute", "unmute"]],
  ["summary", ["summary"]],
  ["history", ["history", "changes"]],
  ["subpartners", ["subpartners"]],
  ["alert", ["ack", "mute", "unmute"]],
  ["alerts", ["ack", "mute", "unmute", "alerts"]],
  ["storm", ["ack", "mute", "unmute"]],
]);

/** What sends a file never replaces a card: should it have to be done again, the card must not look as if it had been. */
const SENDS_FILE: ReadonlySet<Command["name"]> = new Set(["export", "trend"]);

/** Opening a customer keeps the list, and the help card stays where it is; most else takes the place of its card. */
function opensBeside(command: Command, card: PostedCard): boolean {
  if (SENDS_FILE.has(command.name)) return true;
  if (command.name === "alerts" && isUnrequested(card)) return true;
  return KEPT_UNLESS.get(card.kind)?.includes(command.name) === false;
}

/** Whether it was told, and not asked for: then it is no list of alerts that could be turned to another page. */
function isUnrequested({ kind, command }: PostedCard): boolean {
  return kind === "alerts" && !/^alerts\b/.test(command);
}

/** What a change that is not made yet will have made of things, so that the answer shows it. */
interface PendingChange {
  readonly alert?: (alert: Alert) => Alert;
  readonly mutes?: RoomAlertState["mutes"];
}

/** The numbers of the alerts that the pressed card is about; none where it was typed, or what was pressed is another card. */
export async function pressedAlertIds({ alerts, roomId, pressed }: ReplyContext): Promise<readonly number[]> {
  if (pressed === undefined || !isPossiblyAlertCard(pressed)) return [];
  return (await alerts.alertsOnCard(roomId, pressed.messageId)).map(({ alert }) => alert.id);
}

/** The card of alerts that was pressed, as it will be; undefined when what was pressed, if anything, is none. */
async function updatedAlertCard(
  { alert = same, mutes }: PendingChange,
  context: ReplyContext,
): Promise<View | undefined> {
  const { alerts, roomId, pressed, clock } = context;
  if (pressed === undefined || !isPossiblyAlertCard(pressed)) return undefined;
  const shown = await alerts.alertsOnCard(roomId, pressed.messageId);
  if (shown.length === 0) return undefined;
  const after = shown.map((one) => ({ ...one, alert: alert(one.alert) }));
  const room = mutes === undefined ? await alerts.roomState(roomId) : { mutes };
  return buildRefreshedView(pressed, after, { room, now: clock() });
}

/** The answer where a card of alerts was pressed: that very card. Where something else was, or it was typed: what it says. */
export async function answerOnAlertCard(reply: Reply, after: PendingChange, context: ReplyContext): Promise<Reply> {
  const board = await updatedAlertCard(after, context);
  return board === undefined ? answerBesideAlertCard(reply, context) : { ...reply, view: board };
}

/** An answer in words, which never takes the place of a card of alerts. */
export function answerBesideAlertCard(reply: Reply, { pressed }: Pick<ReplyContext, "pressed">): Reply {
  return pressed !== undefined && isPossiblyAlertCard(pressed) ? { ...reply, isSeparate: true } : reply;
}

const same = (alert: Alert) => alert;
