import { fieldNamed, squashed } from "../customers/filter.ts";
import type { Command } from "./command.ts";
import { readCustomer } from "./customer-ref.ts";
import { readList } from "./list.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, looksLikeId, type PairToken, plainWord, spoken, type Token, wordToken } from "./tokens.ts";
import { statusesNamed } from "./values.ts";
import {
  COMMAND_WORDS,
  type Head,
  headNamed,
  isFiller,
  isNegation,
  isSpokenField,
  nearestToday,
  settingNamed,
} from "./vocabulary.ts";

/** The command that a message is, by its first meaningful word; a message that begins with none is a search. */
export function interpret(message: readonly Token[], distance: Distance): Reading<Command> {
  const all = withoutColon(message);
  const tokens = all.slice(start(all));
  const [first, ...rest] = tokens;
  if (!first) return meant({ name: "help" });
  if (first.kind === "pair") return interpretPair(first, tokens, distance);
  if (tokens.length === 1 && looksLikeId(first.word.text) && !first.word.prefix) {
    return meant({ name: "customer", ref: { by: "any", value: first.word.text }, fresh: false });
  }
  const word = spoken(first);
  if (word === undefined) return readList("customers", tokens, distance);
  const head = headNamed(word);
  if (head) return interpretHead(head, rest, distance);
  return notYet(word, rest) ?? mistyped(word, rest, distance) ?? readList("customers", tokens, distance);
}

/** `customers: acme` begins with a command and not with a field. */
function withoutColon(tokens: readonly Token[]): readonly Token[] {
  const [first, ...rest] = tokens;
  if (first?.kind !== "pair" || first.sign !== ":" || fieldNamed(first.key)) return tokens;
  if (!headNamed(plainWord(first.key))) return tokens;
  return [wordToken(bare(first.key)), ...first.values.map(wordToken), ...rest];
}

/** Where a message begins to say something: behind fillers, greetings, and a "show me" in front of another command. */
function start(tokens: readonly Token[]): number {
  let at = 0;
  for (;;) {
    const next = pastFillers(tokens, at);
    const head = headNamed(spoken(tokens[next]) ?? "");
    const after = pastFillers(tokens, next + 1);
    const follows = tokens[after];
    const isOpening = head === "greeting" ? follows !== undefined : head === "show" && isCommand(follows);
    if (!isOpening) return next;
    at = next + 1;
  }
}

function pastFillers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && isEmpty(spoken(tokens[at]))) at += 1;
  return at;
}

function isEmpty(word: string | undefined): boolean {
  return word !== undefined && word !== "?" && (isFiller(word) || !/[\p{L}\p{N}]/u.test(word));
}

function isCommand(token: Token | undefined): boolean {
  const word = spoken(token) ?? "";
  return headNamed(word) !== undefined || nearestToday(word) !== undefined;
}

function interpretPair(pair: PairToken, tokens: readonly Token[], distance: Distance): Reading<Command> {
  const isPick = settingNamed(squashed(pair.key)) === "customer";
  return isPick ? readCustomer(tokens, distance) : readList("customers", tokens, distance);
}

function interpretHead(head: Head, rest: readonly Token[], distance: Distance): Reading<Command> {
  switch (head) {
    case "customers":
      return readList("customers", rest, distance);
    case "errors":
      return readList("customers", [wordToken(bare("errors")), ...rest], distance);
    case "customer":
      return interpretCustomer(rest, distance);
    case "show":
      return interpretShow(rest, distance);
    case "find":
      return interpretFind(rest, distance);
    case "help":
    case "greeting":
      return meant(helpOn(rest));
    case "status":
      return rest.every((token) => isEmpty(spoken(token)))
        ? meant({ name: "status" })
        : readList("customers", rest, distance);
    case "allow":
    case "disallow":
      return interpretAllow(head, rest);
  }
}

/** `customer list` and `open errors` mean lists. */
function interpretCustomer(rest: readonly Token[], distance: Distance): Reading<Command> {
  const next = headNamed(spoken(rest[0]) ?? "");
  if (next === "customers" || next === "errors") return interpretHead(next, rest.slice(1), distance);
  return readCustomer(rest, distance);
}

/** "show me all failing ones" is a list, `show 5` and `show acme` are one customer. */
function interpretShow(rest: readonly Token[], distance: Distance): Reading<Command> {
  const next = rest[pastFillers(rest, 0)];
  const heads = rest.map((token) => headNamed(spoken(token) ?? ""));
  if (heads.includes("customers") || heads.includes("errors")) return readList("customers", rest, distance);
  if (next?.kind === "pair" && !isRefKey(next.key)) return readList("customers", rest, distance);
  const word = spoken(next);
  if (word === undefined) return readCustomer(rest, distance);
  if (isNegation(word) || statusesNamed(word)) return readList("customers", rest, distance);
  const near = nearest(word, ["customers", "errors", "problems"], distance);
  if (near === undefined) return readCustomer(rest, distance);
  return unknownCommand(word, near, rest.slice(pastFillers(rest, 0) + 1));
}

function isRefKey(key: string): boolean {
  const field = fieldNamed(key);
  return field === "externalId" || field === "orgId" || settingNamed(squashed(key)) !== undefined;
}

function interpretFind(rest: readonly Token[], distance: Distance): Reading<Command> {
  const filter = rest.filter((token) => token.kind === "word" || !settingNamed(squashed(token.key)));
  const reading = readList("find", filter, distance);
  return reading.ok ? meant({ name: "find", filter: reading.value.filter }) : reading;
}

function helpOn(rest: readonly Token[]): Command {
  const topic = rest
    .filter((token) => !isEmpty(spoken(token)) && spoken(token) !== "?")
    .map((token) => (token.kind === "pair" ? token.key : token.word.text))
    .filter((text) => text !== "")
    .join(" ");
  return topic === "" ? { name: "help" } : { name: "help", topic };
}

function interpretAllow(name: "allow" | "disallow", rest: readonly Token[]): Reading<Command> {
  const words = rest.map(spoken).filter((word) => !isEmpty(word));
  if (words.length === 1 && (words[0] === "space" || words[0] === "room")) return meant({ name });
  return slipped(
    `${quote(name)} is about a whole space.`,
    `In the space that is meant, send “${name} space”.`,
    [name, "space"].map((word) => wordToken(bare(word))),
  );
}

const TODAY = {
  customers: "What it would be about can be listed at any time, for example with “customers status=error”.",
  customer: "What a customer is like now can be seen with “customer” and its number or id.",
  errors: "The customers with problems are listed by “errors”.",
  status: "How the bot itself is doing is shown by “status”.",
  help: "What works today is listed by “help”.",
} as const;

function notYet(word: string, rest: readonly Token[]): Reading<never> | undefined {
  const today = nearestToday(word);
  if (today === undefined) return undefined;
  const hasSubject = today === "customers" || (today === "customer" && rest.length > 0);
  const command = today === "customer" && !hasSubject ? "customers" : today;
  return slipped(`${quote(word)} is not in this version yet.`, TODAY[today], [
    wordToken(bare(command)),
    ...(hasSubject ? rest : []),
  ]);
}

/** A first word that nearly is a command, where it is not better understood as it stands. */
function mistyped(word: string, rest: readonly Token[], distance: Distance): Reading<never> | undefined {
  if (isNegation(word) || isSpokenField(word) || statusesNamed(word)) return undefined;
  const near = nearest(word, COMMAND_WORDS, distance);
  return near === undefined ? undefined : unknownCommand(word, near, rest);
}

function unknownCommand(word: string, near: string, rest: readonly Token[]): Reading<never> {
  return slipped(
    `${quote(word)} is not a command; the nearest is ${quote(near)}.`,
    `To look for customers by that word, send “customers ${word}”.`,
    [wordToken(bare(near)), ...rest],
  );
}
