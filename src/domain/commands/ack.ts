import { normalizeName } from "../customers/filter.ts";
import type { AckCommand } from "./command.ts";
import { numbersOf } from "./numbers.ts";
import { takeFreeText, wholeFreeText } from "./remark.ts";
import { type ParseResult, parsed } from "./slip.ts";
import { type Token, unquotedWord } from "./tokens.ts";

/** `ack 1042 on it`, `ack 12,13`, `ack all`: whatever follows the numbers is the note, as it was typed. */
export function parseAck(tokens: readonly Token[]): ParseResult<AckCommand> {
  const at = tokens.findIndex((token) => token.kind === "pair" && normalizeName(token.key) === "note");
  const remark = at < 0 ? { text: "", others: tokens } : takeFreeText(tokens, at, () => false);
  const { alerts, rest } = takeAlerts(remark.others);
  const said = rest.every(isPolite) ? "" : wholeFreeText(rest);
  const note = [said, remark.text].filter((text) => text !== "").join(" ");
  return parsed({ name: "ack", alerts, ...(note !== "" && { note }) });
}

interface AckTarget {
  readonly alerts: AckCommand["alerts"];
  readonly rest: readonly Token[];
}

/** The numbers in front, among words that only lead to them. */
function takeAlerts(tokens: readonly Token[]): AckTarget {
  const alerts = new Set<number>();
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    if (alerts.size === 0 && isAll(token)) return { alerts: "all", rest: skipAll(tokens.slice(at + 1)) };
    const found = alertsIn(token);
    if (found.length === 0 && !isLeadIn(token, alerts.size > 0)) break;
    for (const number of found) alerts.add(number);
    if (found.length > 0) end = at + 1;
  }
  return { alerts: [...alerts], rest: tokens.slice(end) };
}

/** Of the pairs, only a form's choice of alerts names some: "eta=2" is part of a note. */
function alertsIn(token: Token): readonly number[] {
  return token.kind === "word" || /^alerts?$/.test(normalizeName(token.key)) ? numbersOf(token) : [];
}

const WORDS_BETWEEN_NUMBERS: ReadonlySet<string> = new Set("alert alerts no nr and & + #".split(" "));
const WORDS_BEFORE_NUMBERS: ReadonlySet<string> = new Set(
  "number the this that these those my our for of both them please pls plz kindly just also".split(" "),
);

/** Not every filler: in "on it, all day", nobody takes all. */
function isLeadIn(token: Token, isBehindNumber: boolean): boolean {
  const word = unquotedWord(token);
  if (word === undefined) return false;
  return (
    WORDS_BETWEEN_NUMBERS.has(word) ||
    (!isBehindNumber && (WORDS_BEFORE_NUMBERS.has(word) || /^\p{P}*$/u.test(word)))
  );
}

function isAll(token: Token): boolean {
  return /^(?:all|everything)$/.test(unquotedWord(token) ?? "");
}

/** "all of the open alerts" is `all`. */
function skipAll(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(
    (token) => !/^(?:of|the|them|my|our|these|those|open|alerts?)$/.test(unquotedWord(token) ?? ""),
  );
  return end < 0 ? [] : tokens.slice(end);
}

const POLITE: ReadonlySet<string> = new Set(
  "please pls plz kindly thanks thank you now it this that these those them one alert alerts the".split(" "),
);

/** What people add that is no note, "ack this please" for one. */
function isPolite(token: Token): boolean {
  const word = unquotedWord(token);
  return word !== undefined && (POLITE.has(word) || /^\p{P}*$/u.test(word));
}
