import { parseAck } from "./ack.ts";
import type { Command } from "./command.ts";
import { type AlertKeyword, isNoiseWord, skipFillers } from "./command-words.ts";
import { parseWithCustomer } from "./customer-ref.ts";
import { parseDigest } from "./digest.ts";
import { numbersOf, parseAlertFilter, parseNumbered } from "./filter-commands.ts";
import { parseMute } from "./mute.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { parseHandover } from "./since-commands.ts";
import type { Distance } from "./suggest.ts";
import { type Token, unquotedWord } from "./tokenize.ts";
import { parseWatch } from "./watch.ts";

/** The word that a message begins with, and what follows it. */
interface Message {
  readonly word: string;
  readonly rest: readonly Token[];
}

/** A command about alerts; undefined when its first word rather is part of a name: `Watches of Switzerland`. */
export function parseAlertCommand(
  head: AlertKeyword,
  message: Message,
  distance: Distance,
): ParseResult<Command> | undefined {
  if (isName(message)) return undefined;
  const { rest } = message;
  switch (head) {
    case "watch":
      return parseWatch(rest, distance);
    case "alerts":
      return parseAlerts(rest, distance);
    case "ack":
      return parseAck(rest);
    case "mute":
      return parseMute(rest, distance);
    case "unwatch":
    case "unmute":
      return parseNumbered(head, rest);
    case "follow":
      return parseWithCustomer("follow", rest, distance);
    case "digest":
      return parseDigest(rest, distance);
    case "handover":
      return parseHandover(rest);
    case "watches":
    case "mutes":
    case "verify":
    case "drill":
      return parsed({ name: head });
  }
}

function parseAlerts(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const reading = parseAlertFilter("alerts", rest, distance);
  if (!reading.ok) return reading;
  const { filter, page } = reading.value;
  return parsed({ name: "alerts", filter, page });
}

/** Commands that take nothing, which other words make a name of. */
const WITHOUT_ARGUMENTS = /^(?:watches|subscriptions|mutes|silences|verify|drill|alert)$/;

/** Words that are commands as long as what follows says what to take, or what to silence. */
const NEEDS_TARGET = /^(?:take|silence|snooze)$/;

function isName({ word, rest }: Message): boolean {
  if (WITHOUT_ARGUMENTS.test(word)) return !rest.every(isIgnorable);
  return NEEDS_TARGET.test(word) && !isTarget(rest[skipFillers(rest, 0)]) && !rest.some(isDurationOrReason);
}

function isIgnorable(token: Token): boolean {
  const word = unquotedWord(token);
  return isNoiseWord(word) || /^(?:alerts?|customers|space|room|here|test|all|open|active|today)$/.test(word ?? "");
}

function isTarget(first: Token | undefined): boolean {
  if (first === undefined || first.kind === "pair" || numbersOf(first).length > 0) return true;
  return /^(?:all|alerts?|errors)$/.test(unquotedWord(first) ?? "");
}

/** How long, and why. */
function isDurationOrReason(token: Token): boolean {
  if (token.kind === "pair") return /^(?:for|because|reason)$/i.test(token.key);
  return /^(?:for|because)$/.test(unquotedWord(token) ?? "");
}
