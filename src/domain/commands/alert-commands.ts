import { readAck } from "./ack.ts";
import { readAlertFilter } from "./alert-filter.ts";
import type { Command } from "./command.ts";
import { readOfOne } from "./customer-ref.ts";
import { readDigest } from "./digest.ts";
import type { AlertHead } from "./heads.ts";
import { readMute } from "./mute.ts";
import { numbersOf, readNumbered } from "./numbers.ts";
import { isEmpty, pastFillers } from "./opening.ts";
import { readHandover } from "./over-time.ts";
import { meant, type Reading } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { spoken, type Token } from "./tokens.ts";
import { readWatch } from "./watch.ts";

/** The word that a message begins with, and what follows it. */
interface Message {
  readonly word: string;
  readonly rest: readonly Token[];
}

/** A command about alerts; undefined when its first word rather is part of a name: `Watches of Switzerland`. */
export function readAlertCommand(
  head: AlertHead,
  message: Message,
  distance: Distance,
): Reading<Command> | undefined {
  if (isName(message)) return undefined;
  const { rest } = message;
  switch (head) {
    case "watch":
      return readWatch(rest, distance);
    case "alerts":
      return readAlerts(rest, distance);
    case "ack":
      return readAck(rest);
    case "mute":
      return readMute(rest, distance);
    case "unwatch":
    case "unmute":
      return readNumbered(head, rest);
    case "follow":
      return readOfOne("follow", rest, distance);
    case "digest":
      return readDigest(rest, distance);
    case "handover":
      return readHandover(rest);
    case "watches":
    case "mutes":
    case "verify":
    case "drill":
      return meant({ name: head });
  }
}

function readAlerts(rest: readonly Token[], distance: Distance): Reading<Command> {
  const reading = readAlertFilter("alerts", rest, distance);
  if (!reading.ok) return reading;
  const { filter, page } = reading.value;
  return meant({ name: "alerts", filter, page });
}

/** Commands that take nothing, which other words make a name of. */
const ALONE = /^(?:watches|subscriptions|mutes|silences|verify|drill|alert)$/;

/** Words that are commands as long as what follows says what to take, or what to silence. */
const AIMED = /^(?:take|silence|snooze)$/;

function isName({ word, rest }: Message): boolean {
  if (ALONE.test(word)) return !rest.every(isAround);
  return AIMED.test(word) && !isAim(rest[pastFillers(rest, 0)]) && !rest.some(isTerms);
}

function isAround(token: Token): boolean {
  const word = spoken(token);
  return (
    isEmpty(word) || /^(?:alerts?|customers|space|room|here|test|all|open|active|today)$/.test(word ?? "")
  );
}

function isAim(first: Token | undefined): boolean {
  if (first === undefined || first.kind === "pair" || numbersOf(first).length > 0) return true;
  return /^(?:all|alerts?|errors)$/.test(spoken(first) ?? "");
}

/** How long, and why. */
function isTerms(token: Token): boolean {
  if (token.kind === "pair") return /^(?:for|because|reason)$/i.test(token.key);
  return /^(?:for|because)$/.test(spoken(token) ?? "");
}
