import { fieldNamed, squashed } from "../customers/filter.ts";
import { mistyped, notYet, turning } from "./advice.ts";
import { readAlertCommand } from "./alert-commands.ts";
import type { Command } from "./command.ts";
import { readCustomer, readOfOne } from "./customer-ref.ts";
import { readExport, readFind, readSummary } from "./filtered.ts";
import { alertHeadNamed, type Head, headNamed, isCommandWord } from "./heads.ts";
import { readList } from "./list.ts";
import { isEmpty, openingOf } from "./opening.ts";
import { readChanges, readTrend } from "./over-time.ts";
import { withoutPhrase } from "./phrases.ts";
import { readShow } from "./show.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, looksLikeId, type PairToken, plainWord, spoken, type Token, wordToken } from "./tokens.ts";
import { readUse } from "./use.ts";
import { settingNamed } from "./vocabulary.ts";

/** The command that a message is, by its first meaningful word; a message that begins with none is a search. */
export function interpret(message: readonly Token[], distance: Distance): Reading<Command> {
  const all = withoutColon(message);
  const tokens = withoutPhrase(all.slice(openingOf(all)));
  const [first] = tokens;
  if (!first) return meant({ name: "help" });
  if (first.kind === "pair") return interpretPair(first, tokens, distance);
  if (tokens.length === 1 && looksLikeId(first.word.text) && !first.word.prefix) {
    return meant({ name: "customer", ref: { by: "any", value: first.word.text }, fresh: false });
  }
  const word = spoken(first);
  if (word === undefined) return readList("customers", tokens, distance);
  if (tokens.length === 1 && /^#?\d{1,3}$/.test(word)) return readCustomer(tokens, distance);
  if (tokens.length === 1 && /^(?:ok|okay)$/.test(word)) return meant({ name: "help" });
  return interpretWord(word, tokens, distance);
}

function interpretWord(word: string, tokens: readonly Token[], distance: Distance): Reading<Command> {
  const rest = tokens.slice(1);
  const head = headNamed(word);
  if (head) return interpretHead(head, rest, distance);
  const alertHead = alertHeadNamed(word);
  const other = alertHead
    ? readAlertCommand(alertHead, { word, rest }, distance)
    : (notYet(word) ?? turning(word, rest) ?? mistyped(word, rest, distance));
  return other ?? readList("customers", tokens, distance);
}

/** `customers: acme` begins with a command and not with a field. */
function withoutColon(tokens: readonly Token[]): readonly Token[] {
  const [first, ...rest] = tokens;
  if (first?.kind !== "pair" || first.sign !== ":" || fieldNamed(first.key)) return tokens;
  if (!isCommandWord(plainWord(first.key))) return tokens;
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
      return readShow(rest, distance);
    case "find":
      return readFind(rest, distance);
    case "help":
    case "greeting":
      return meant(helpOn(rest));
    case "status":
      return rest.every((token) => isEmpty(spoken(token)))
        ? meant({ name: "status" })
        : readList("customers", rest, distance);
    case "summary":
      return readSummary(rest, distance);
    case "trend":
      return readTrend(rest);
    case "history":
      return readOfOne("history", rest, distance);
    case "changes":
      return readChanges(rest);
    case "export":
      return readExport(rest, distance);
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
