import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { parseAlertCommand } from "./alert-commands.ts";
import type { Command } from "./command.ts";
import {
  alertKeywordOf,
  commandStart,
  isCommandWord,
  isNoiseWord,
  type Keyword,
  keywordOf,
  replacePhrase,
} from "./command-words.ts";
import { parseCustomer, parseShow, parseWithCustomer } from "./customer-ref.ts";
import { parseExport, parseFind, parseSummary } from "./filter-commands.ts";
import { format } from "./format.ts";
import { parseList } from "./list.ts";
import {
  mistyped,
  nextWithoutList,
  notYetAvailable,
  type ParseResult,
  parsed,
  parseError,
  quote,
} from "./parse-error.ts";
import { parseChanges, parseTrend } from "./since-commands.ts";
import type { Distance } from "./suggest.ts";
import {
  bareWord,
  looksLikeId,
  normalizeText,
  type PairToken,
  plainWord,
  type Token,
  tokenize,
  unquotedWord,
  wordToken,
} from "./tokenize.ts";
import { parseUse } from "./use.ts";
import { settingNamed } from "./vocabulary.ts";

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

/** The command that a message is, by its first meaningful word; a message that begins with none is a search. */
export function interpret(message: readonly Token[], distance: Distance): ParseResult<Command> {
  const all = withoutColon(message);
  const tokens = replacePhrase(all.slice(commandStart(all)));
  const [first] = tokens;
  if (!first) return parsed({ name: "help" });
  if (first.kind === "pair") return interpretPair(first, tokens, distance);
  if (tokens.length === 1 && looksLikeId(first.word.text) && !first.word.prefix) {
    return parsed({ name: "customer", ref: { by: "any", value: first.word.text }, fresh: false });
  }
  const word = unquotedWord(first);
  if (word === undefined) return parseList("customers", tokens, distance);
  if (tokens.length === 1 && /^#?\d{1,3}$/.test(word)) return parseCustomer(tokens, distance);
  if (tokens.length === 1 && /^(?:ok|okay)$/.test(word)) return parsed({ name: "help" });
  return interpretWord(word, tokens, distance);
}

function interpretWord(word: string, tokens: readonly Token[], distance: Distance): ParseResult<Command> {
  const rest = tokens.slice(1);
  const head = keywordOf(word);
  if (head) return interpretKeyword(head, rest, distance);
  const alertHead = alertKeywordOf(word);
  const other = alertHead
    ? parseAlertCommand(alertHead, { word, rest }, distance)
    : (notYetAvailable(word) ?? nextWithoutList(word, rest) ?? mistyped(word, rest, distance));
  return other ?? parseList("customers", tokens, distance);
}

/** `customers: acme` begins with a command and not with a field. */
function withoutColon(tokens: readonly Token[]): readonly Token[] {
  const [first, ...rest] = tokens;
  if (first?.kind !== "pair" || first.sign !== ":" || fieldNamed(first.key)) return tokens;
  if (!isCommandWord(plainWord(first.key))) return tokens;
  return [wordToken(bareWord(first.key)), ...first.values.map(wordToken), ...rest];
}

function interpretPair(pair: PairToken, tokens: readonly Token[], distance: Distance): ParseResult<Command> {
  const isPick = settingNamed(normalizeName(pair.key)) === "customer";
  return isPick ? parseCustomer(tokens, distance) : parseList("customers", tokens, distance);
}

function interpretKeyword(head: Keyword, rest: readonly Token[], distance: Distance): ParseResult<Command> {
  switch (head) {
    case "customers":
      if (keywordOf(unquotedWord(rest[0]) ?? "") === "subpartners") return parsed({ name: "subpartners" });
      return parseList("customers", rest, distance);
    case "errors":
      return parseList("customers", [wordToken(bareWord("errors")), ...rest], distance);
    case "customer":
      return interpretCustomer(rest, distance);
    case "show":
      return parseShow(rest, distance);
    case "find":
      return parseFind(rest, distance);
    case "help":
    case "greeting":
      return parsed(interpretHelp(rest));
    case "status":
      return rest.every((token) => isNoiseWord(unquotedWord(token)))
        ? parsed({ name: "status" })
        : parseList("customers", rest, distance);
    case "summary":
      return parseSummary(rest, distance);
    case "trend":
      return parseTrend(rest);
    case "history":
      return parseWithCustomer("history", rest, distance);
    case "changes":
      return parseChanges(rest);
    case "export":
      return parseExport(rest, distance);
    case "subpartners":
      return parsed({ name: "subpartners" });
    case "use":
      return parseUse(rest);
    case "allow":
    case "disallow":
      return interpretAllow(head, rest);
  }
}

/** `customer list` and `open errors` mean lists. */
function interpretCustomer(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const next = keywordOf(unquotedWord(rest[0]) ?? "");
  if (next === "customers" || next === "errors") return interpretKeyword(next, rest.slice(1), distance);
  return parseCustomer(rest, distance);
}

function interpretHelp(rest: readonly Token[]): Command {
  const topic = rest
    .filter((token) => !isNoiseWord(unquotedWord(token)) && unquotedWord(token) !== "?")
    .map((token) => (token.kind === "pair" ? token.key : token.word.text))
    .filter((text) => text !== "")
    .join(" ");
  return topic === "" ? { name: "help" } : { name: "help", topic };
}

function interpretAllow(name: "allow" | "disallow", rest: readonly Token[]): ParseResult<Command> {
  const words = rest.map(unquotedWord).filter((word) => !isNoiseWord(word));
  if (words.length === 1 && (words[0] === "space" || words[0] === "room")) return parsed({ name });
  return parseError(
    `${quote(name)} is about a whole space.`,
    `In the space that is meant, send “${name} space”.`,
    [name, "space"].map((word) => wordToken(bareWord(word))),
  );
}
