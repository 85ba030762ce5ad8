import type { Command } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import type { PostedCard } from "../ports.ts";

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
