import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { commandOfWord, commandStart, isCommandWord, SUGGESTED_BY_EDITS, SUGGESTED_BY_SLIP } from "./command-words.ts";
import { customer } from "./customer.ts";
import { parseCustomerList } from "./customers.ts";
import { STATUS_WORDS } from "./field-values.ts";
import { format } from "./format.ts";
import { MAX_TERMS, tooLong } from "./limits.ts";
import { beginsWithPackage, beginsWithTerm } from "./natural-language.ts";
import { type ParseResult, parsed, parseError, unknownCommand } from "./parse-error.ts";
import { COMMANDS, type Command } from "./registry.ts";
import { meansThanks } from "./small-talk.ts";
import { spokenCommand } from "./spoken-commands.ts";
import { type Distance, isTypingSlip, nearest } from "./suggest.ts";
import {
  bareToken,
  looksLikeId,
  normalizeText,
  plainWord,
  type Token,
  tokenize,
  unquotedWord,
  wordToken,
} from "./tokenize.ts";
import { impliedKey, settingNamed } from "./vocabulary.ts";

export type Parsed = { readonly ok: true; readonly command: Command } | ParseFailure;

/** A text that is no command: the mistake, what would work, and the nearest command, which `parse` can read. */
export interface ParseFailure {
  readonly ok: false;
  readonly problem: string;
  readonly hint: string;
  readonly suggestion?: string;
}

/** A line of the bot's own card of a customer, copied into a message: `Customer ID: Y2lz…`. */
const PASTED_ID = /^(?:customer|organi[sz]ation|external) id:\s?([^\s"]+)$/i;

/** Reads a message, or the command of a pressed button. Takes any text and never throws. */
export function parse(text: string, { distance }: { readonly distance: Distance }): Parsed {
  const message = normalizeText(text)
    .replace(/^[\s,:;/]+/, "")
    .replace(PASTED_ID, 'customer "$1"');
  const tokens = tokenize(message);
  const result = interpretWithin(tokens, distance);
  if (result.ok) return { ok: true, command: result.value };
  const { problem, hint, correction } = result.error;
  const suggestion = correction && correctedCommand(correction, distance);
  return { ok: false, problem, hint, ...(suggestion && { suggestion: format(suggestion) }) };
}

/** A note may be long; a search and a mistake may not, because buttons and statements are made of them. */
function interpretWithin(tokens: readonly Token[], distance: Distance): ParseResult<Command> {
  const result = interpret(tokens, distance);
  if (!result.ok) return tooLong(tokens) ?? result;
  if (!("filter" in result.value) && result.value.name !== "customer") return result;
  const refused = tooLong(tokens);
  if (refused !== undefined) return refused;
  if (!("filter" in result.value) || result.value.filter.length <= MAX_TERMS) return result;
  const problem = `This filter has ${result.value.filter.length} terms; ${MAX_TERMS} are the most.`;
  return parseError(problem, "Leave some out. Several values of one field are one term: “status=error,updating”.");
}

/** Reads back a command that `format` wrote, such as the one that a card answers; undefined for any other text. */
export function parseFormatted(text: string): Command | undefined {
  const result = parse(text, { distance: () => Number.POSITIVE_INFINITY });
  return result.ok && text !== "" ? result.command : undefined;
}

/** A message may hold several mistakes; at most this many are corrected one after the other. */
const MAX_CORRECTIONS = 8;

function correctedCommand(correction: readonly Token[], distance: Distance): Command | undefined {
  let tokens = correction;
  for (let count = 0; count < MAX_CORRECTIONS; count += 1) {
    const result = interpretWithin(tokens, distance);
    if (result.ok) return result.value;
    if (result.error.correction === undefined) return undefined;
    tokens = result.error.correction;
  }
  return undefined;
}

/** A message that is written canonically, as a button sends it, means what it says; any other may be said in other words. */
function interpret(message: readonly Token[], distance: Distance): ParseResult<Command> {
  const written = interpretWritten(message, distance);
  if (written.ok && format(written.value) === textOf(message)) return written;
  const spoken = spokenCommand(message, distance);
  return spoken === undefined ? written : interpretWritten(tokenize(spoken), distance);
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ raw }) => raw)
    .join("")
    .trim();
}

/** The command that the first meaningful word of a message stands for; a message that begins with none is a search. */
function interpretWritten(message: readonly Token[], distance: Distance): ParseResult<Command> {
  const all = withoutColon(message);
  const tokens = all.slice(commandStart(all));
  const [first] = tokens;
  if (!first) return parsed(all.some(isThanks) ? { name: "smallTalk", says: "thanks" } : { name: "help" });
  const digits = numberAlone(tokens);
  if (digits !== undefined) return parsed({ name: "number", digits });
  const paged = pageAlone(tokens, distance);
  if (paged !== undefined) return paged;
  if (beginsWithPackage(tokens)) return parseCustomerList(tokens, distance);
  const command = isCustomer(tokens)
    ? customer.parse({ word: "customer", rest: tokens }, distance)
    : interpretWord(unquotedWord(first), tokens.slice(1), distance);
  return command ?? parseCustomerList(tokens, distance);
}

/** `customers: acme` begins with a command and not with a field. */
function withoutColon(tokens: readonly Token[]): readonly Token[] {
  const [first, ...rest] = tokens;
  if (first?.kind !== "pair" || first.sign !== ":" || fieldNamed(first.key)) return tokens;
  if (!isCommandWord(plainWord(first.key))) return tokens;
  return [bareToken(first.key), ...first.values.map(wordToken), ...rest];
}

/** "thank you" is nothing but fillers. */
function isThanks(token: Token): boolean {
  return meansThanks(unquotedWord(token) ?? "");
}

/** `2560`, `#3`, "16?": a message that is a number alone. */
function numberAlone([first, ...rest]: readonly Token[]): string | undefined {
  return rest.length > 0 ? undefined : /^#?(\d{1,15})$/.exec(unquotedWord(first) ?? "")?.[1];
}

/** `page=3`: with nothing to list, a page is one of the list on show. */
function pageAlone([first, ...rest]: readonly Token[], distance: Distance): ParseResult<Command> | undefined {
  if (rest.length > 0 || first?.kind !== "pair" || settingNamed(normalizeName(first.key)) !== "page") return undefined;
  return COMMANDS.turn.parse({ word: "page", rest: first.values.map(wordToken) }, distance);
}

/** True if a message without a command word means one customer: by a picker's choice, or an id alone. */
function isCustomer(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (first?.kind === "pair") return settingNamed(normalizeName(first.key)) === "customer";
  if (first === undefined || tokens.length > 1 || first.word.prefix) return false;
  return looksLikeId(first.word.text);
}

function interpretWord(
  word: string | undefined,
  rest: readonly Token[],
  distance: Distance,
): ParseResult<Command> | undefined {
  if (word === undefined) return undefined;
  const name = commandOfWord(word);
  if (name) return COMMANDS[name].parse({ word, rest }, distance);
  return mistyped(word, rest, distance);
}

/** A first word that is nearly a command, unless it has a meaning as it is. */
function mistyped(word: string, rest: readonly Token[], distance: Distance): ParseResult<never> | undefined {
  if (beginsWithTerm([bareToken(word), ...rest], distance) || impliedKey(word) !== undefined) return undefined;
  const near =
    nearest(word, [...SUGGESTED_BY_EDITS, ...STATUS_WORDS], distance) ??
    SUGGESTED_BY_SLIP.find((command) => isTypingSlip(word, command));
  return near === undefined ? undefined : unknownCommand(word, near, rest);
}
