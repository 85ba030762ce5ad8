import type { Command } from "./command.ts";
import { format } from "./format.ts";
import { interpret } from "./interpret.ts";
import { normalizeText } from "./straighten.ts";
import type { Distance } from "./suggest.ts";
import { tokenize } from "./tokenize.ts";
import type { Token } from "./tokens.ts";

export type Parsed = { readonly ok: true; readonly command: Command } | ParseFailure;

/** Text that is no command: what slipped, what would work, and the nearest command, which is one for certain. */
export interface ParseFailure {
  readonly ok: false;
  readonly problem: string;
  readonly hint: string;
  readonly suggestion?: string;
}

/** A line of the bot's own card on a customer, sent back as it is: `Customer ID: Y2lz…`. */
const PASTED_ID = /^(?:customer|organi[sz]ation|external) id:\s?([^\s"]+)$/i;

/** Reads what somebody typed, or what a pressed button says. Takes any text and never throws. */
export function parse(text: string, { distance }: { readonly distance: Distance }): Parsed {
  const line = normalizeText(text)
    .replace(/^[\s,:;/]+/, "")
    .replace(PASTED_ID, 'customer "$1"');
  const reading = interpret(tokenize(line), distance);
  if (reading.ok) return { ok: true, command: reading.value };
  const { problem, hint, correction } = reading.error;
  const suggestion = correctedCommand(correction, distance);
  return { ok: false, problem, hint, ...(suggestion && { suggestion: format(suggestion) }) };
}

/** Reads back a command that we wrote ourselves, such as the one that a card on show answers; undefined when it is none. */
export function parseFormatted(text: string): Command | undefined {
  const parsed = parse(text, { distance: () => Number.POSITIVE_INFINITY });
  return parsed.ok && text !== "" ? parsed.command : undefined;
}

/** A message may hold several slips; this many are put right one after the other. */
const MAX_CORRECTIONS = 8;

function correctedCommand(tokens: readonly Token[], distance: Distance): Command | undefined {
  let instead = tokens;
  for (let slips = 0; slips < MAX_CORRECTIONS; slips += 1) {
    const reading = interpret(instead, distance);
    if (reading.ok) return reading.value;
    instead = reading.error.correction;
  }
  return undefined;
}
