import { squashed } from "../customers/filter.ts";
import type { AckCommand } from "./command.ts";
import { numbersOf } from "./numbers.ts";
import { asWritten, takeRemark } from "./remark.ts";
import { meant, type Reading } from "./slip.ts";
import { spoken, type Token } from "./tokens.ts";

/** `ack 1042 on it`, `ack 12,13`, `ack all`: whatever follows the numbers is the note, as it was typed. */
export function readAck(tokens: readonly Token[]): Reading<AckCommand> {
  const at = tokens.findIndex((token) => token.kind === "pair" && squashed(token.key) === "note");
  const remark = at < 0 ? { text: "", others: tokens } : takeRemark(tokens, at, () => false);
  const { alerts, rest } = takeAlerts(remark.others);
  const said = rest.every(isPolite) ? "" : asWritten(rest);
  const note = [said, remark.text].filter((text) => text !== "").join(" ");
  return meant({ name: "ack", alerts, ...(note !== "" && { note }) });
}

interface Taken {
  readonly alerts: AckCommand["alerts"];
  readonly rest: readonly Token[];
}

/** The numbers in front, among words that only lead to them. */
function takeAlerts(tokens: readonly Token[]): Taken {
  const alerts = new Set<number>();
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    if (alerts.size === 0 && isAll(token)) return { alerts: "all", rest: pastAll(tokens.slice(at + 1)) };
    const found = alertsIn(token);
    if (found.length === 0 && !leadsOn(token, alerts.size > 0)) break;
    for (const number of found) alerts.add(number);
    if (found.length > 0) end = at + 1;
  }
  return { alerts: [...alerts], rest: tokens.slice(end) };
}

/** Of the pairs, only a form's choice of alerts names some: "eta=2" is part of a note. */
function alertsIn(token: Token): readonly number[] {
  return token.kind === "word" || /^alerts?$/.test(squashed(token.key)) ? numbersOf(token) : [];
}

const BETWEEN: ReadonlySet<string> = new Set("alert alerts no nr and & + #".split(" "));
const BEFORE: ReadonlySet<string> = new Set(
  "number the this that these those my our for of both them please pls plz kindly just also".split(" "),
);

/** Not every filler: in "on it, all day", nobody takes all. */
function leadsOn(token: Token, isBehindNumber: boolean): boolean {
  const word = spoken(token);
  if (word === undefined) return false;
  return BETWEEN.has(word) || (!isBehindNumber && (BEFORE.has(word) || /^\p{P}*$/u.test(word)));
}

function isAll(token: Token): boolean {
  return /^(?:all|everything)$/.test(spoken(token) ?? "");
}

/** "all of the open alerts" is `all`. */
function pastAll(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(
    (token) => !/^(?:of|the|them|my|our|these|those|open|alerts?)$/.test(spoken(token) ?? ""),
  );
  return end < 0 ? [] : tokens.slice(end);
}

const POLITE: ReadonlySet<string> = new Set(
  "please pls plz kindly thanks thank you now it this that these those them one alert alerts the".split(" "),
);

/** What people add that is no note, "ack this please" for one. */
function isPolite(token: Token): boolean {
  const word = spoken(token);
  return word !== undefined && (POLITE.has(word) || /^\p{P}*$/u.test(word));
}
