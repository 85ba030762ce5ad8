import { fieldNamed, squashed } from "../customers/filter.ts";
import { mistyped, notYet, turning, unknownCommand } from "./advice.ts";
import type { Command } from "./command.ts";
import { readCustomer } from "./customer-ref.ts";
import { readList } from "./list.ts";
import { isEmpty, openingOf, pastFillers } from "./opening.ts";
import { readChanges, readTrend } from "./over-time.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, looksLikeId, type PairToken, plainWord, spoken, type Token, wordToken } from "./tokens.ts";
import { readUse } from "./use.ts";
import { statusesNamed } from "./values.ts";
import { type Head, headNamed, isNegation, nearestToday, settingNamed } from "./vocabulary.ts";

/** The command that a message is, by its first meaningful word; a message that begins with none is a search. */
export function interpret(message: readonly Token[], distance: Distance): Reading<Command> {
  const all = withoutColon(message);
  const tokens = all.slice(openingOf(all));
  const [first, ...rest] = tokens;
  if (!first) return meant({ name: "help" });
  if (first.kind === "pair") return interpretPair(first, tokens, distance);
  if (tokens.length === 1 && looksLikeId(first.word.text) && !first.word.prefix) {
    return meant({ name: "customer", ref: { by: "any", value: first.word.text }, fresh: false });
  }
  const word = spoken(first);
  if (word === undefined) return readList("customers", tokens, distance);
  if (tokens.length === 1 && /^#?\d{1,3}$/.test(word)) return readCustomer(tokens, distance);
  if (tokens.length === 1 && /^(?:ok|okay)$/.test(word)) return meant({ name: "help" });
  const head = headNamed(word);
  if (head) return interpretHead(head, rest, distance);
  return (
    notYet(word, rest) ??
    turning(word, rest) ??
    mistyped(word, rest, distance) ??
    readList("customers", tokens, distance)
  );
}

/** `customers: acme` begins with a command and not with a field. */
function withoutColon(tokens: readonly Token[]): readonly Token[] {
  const [first, ...rest] = tokens;
  if (first?.kind !== "pair" || first.sign !== ":" || fieldNamed(first.key)) return tokens;
  const word = plainWord(first.key);
  if (!headNamed(word) && !nearestToday(word)) return tokens;
  return [wordToken(bare(first.key)), ...first.values.map(wordToken), ...rest];
}

function interpretPair(pair: PairToken, tokens: readonly Token[], distance: Distance): Reading<Command> {
  const isPick = settingNamed(squashed(pair.key)) === "customer";
  return isPick ? readCustomer(tokens, distance) : readList("customers", tokens, distance);
}

function interpretHead(head: Head, rest: readonly Token[], distance: Distance): Reading<Command> {
  switch (head) {
    case "customers":
      if (headNamed(spoken(rest[0]) ?? "") === "subpartners") return meant({ name: "subpartners" });
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
    case "summary":
      return interpretSummary(rest, distance);
    case "trend":
      return readTrend(rest);
    case "history":
      return interpretHistory(rest, distance);
    case "changes":
      return readChanges(rest);
    case "export":
      return interpretExport(rest, distance);
    case "subpartners":
      return meant({ name: "subpartners" });
    case "use":
      return readUse(rest);
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
  const reading = readList("find", withoutSettings(rest), distance);
  return reading.ok ? meant({ name: "find", filter: reading.value.filter }) : reading;
}

function withoutSettings(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => token.kind === "word" || !settingNamed(squashed(token.key)));
}

/** "summary by status": it counts by everything it can, so this adds nothing. */
function interpretSummary(rest: readonly Token[], distance: Distance): Reading<Command> {
  const filter = withoutSettings(rest).filter(
    (_, at) => spoken(rest[at]) !== "by" && spoken(rest[at - 1]) !== "by",
  );
  const reading = readList("summary", filter, distance);
  return reading.ok ? meant({ name: "summary", filter: reading.value.filter }) : reading;
}

function interpretExport(rest: readonly Token[], distance: Distance): Reading<Command> {
  const reading = readList("export", rest, distance);
  if (!reading.ok) return reading;
  const { filter, sort } = reading.value;
  return meant({ name: "export", filter, ...(sort !== undefined && { sort }) });
}

function interpretHistory(rest: readonly Token[], distance: Distance): Reading<Command> {
  const reading = readCustomer(rest, distance, "history");
  if (!reading.ok) return reading;
  const { ref } = reading.value;
  return meant({ name: "history", ...(ref && { ref }) });
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
