import { normalizeName } from "../customers/filter.ts";
import { formatSince } from "../customers/since.ts";
import { formatNumbers, hasAlertArguments, numbersOf } from "./alert-arguments.ts";
import type { ClockText } from "./clock-time.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { takeFreeText, wholeFreeText } from "./free-text.ts";
import { HIDDEN } from "./free-words.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { isUntil, parseSpokenDuration, takeDuration } from "./spoken-duration.ts";
import { bareToken, bareWord, pairToken, type Token, unquotedWord } from "./tokenize.ts";

/** `ack 1042 on it`, `ack 12,13`, `ack all`. Without alerts, the reply asks which. */
export interface AckCommand {
  readonly name: "ack";
  /** Numbers of alerts; `all` is every open one of this space. */
  readonly alerts: readonly number[] | "all";
  readonly note?: string;
  /** Milliseconds until it ends by itself; as long as the alert when absent. */
  readonly durationMs?: number;
  /** In place of the duration, until `withClockTimes` makes one of it. */
  readonly until?: ClockText;
}

/** `unack 1042`: takes acknowledgements back. Without alerts, the reply asks which. */
export interface UnackCommand {
  readonly name: "unack";
  readonly alerts: readonly number[];
}

export const ack: CommandDefinition<AckCommand> = {
  words: ["ack", "acknowledge", "take"],
  // "ack" is too near to Jack.
  suggested: { bySlip: ["acknowledge"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      also: ["acknowledge", "take", "unack"],
      usage: "ack 1042 on it",
      does: "acknowledges an alert, so that its reminders stop; what follows the number is a note",
      more: [
        "Several: ack 12,14-40. All open alerts of this space: ack all. For a while: ack 12 for=2h, then reminders go on.",
        "ack 12 once more, with another note or for=, changes what you said. unack 12 takes it back.",
        "An alert that opens again must be acknowledged again.",
      ],
    },
  ],
  withoutFreeWords: (command) => (command.note === undefined ? command : { ...command, note: HIDDEN }),
  parse: ({ word, rest }) => (word === "take" && !hasAlertArguments(rest) ? undefined : parseAck(rest)),
  format: ({ alerts, note, durationMs, until }, write) =>
    joinParts(
      "ack",
      alerts === "all" ? alerts : formatNumbers(alerts),
      durationMs !== undefined && `for=${formatSince(durationMs)}`,
      until !== undefined && `until=${write(until, { bare: false, ends: true })}`,
      note !== undefined && `note=${write(note, { bare: false, ends: true })}`,
    ),
};

export const unack: CommandDefinition<UnackCommand> = {
  words: ["unack", "unacknowledge", "un-ack", "un-acknowledge"],
  suggested: { bySlip: ["unacknowledge"] },
  needs: "operator",
  confidential: true,
  help: [],
  parse: ({ rest }) => parsed({ name: "unack", alerts: [...new Set(rest.flatMap(alertsIn))] }),
  format: ({ alerts }) => joinParts("unack", formatNumbers(alerts)),
};

/** Everything behind the numbers is the note, as it was typed. */
function parseAck(all: readonly Token[]): ParseResult<AckCommand> {
  const { duration, tokens } = takeAckDuration(all);
  if (!duration.ok) return duration;
  const at = tokens.findIndex((token) => token.kind === "pair" && normalizeName(token.key) === "note");
  const labelled = at < 0 ? { text: "", others: tokens } : takeFreeText(tokens, at, () => false);
  const { alerts, ...target } = takeAlerts(labelled.others);
  const some = alerts === "all" ? target.rest.findIndex(isAlertsWord) : -1;
  if (some >= 0) return someOfAll(target.rest.toSpliced(some, 1));
  const { spoken, rest } =
    duration.value === undefined ? takeSpokenEnd(target.rest) : { spoken: {}, rest: target.rest };
  const loose = rest.every(isPolite) ? "" : wholeFreeText(rest);
  const note = [loose, labelled.text].filter((text) => text !== "").join(" ");
  return parsed({
    name: "ack",
    alerts,
    ...(note !== "" && { note }),
    ...(duration.value !== undefined && { durationMs: duration.value }),
    ...spoken,
  });
}

/** "ack all calling alerts" means some of them, which only their numbers can say. */
function someOfAll(filter: readonly Token[]): ParseResult<never> {
  const problem = "“ack all” acknowledges every open alert of this space, and takes no filter.";
  return parseError(problem, "List the alerts you mean, then acknowledge them there.", [
    bareToken("alerts"),
    ...filter,
  ]);
}

const isAlertsWord = (token: Token): boolean => /^(?:alerts?|errors?)$/.test(unquotedWord(token) ?? "");

interface AckDuration {
  readonly duration: ParseResult<number | undefined>;
  readonly tokens: readonly Token[];
}

/** `for=2h` anywhere but in a quoted note. "on it for 2 hours" is a note. */
function takeAckDuration(all: readonly Token[]): AckDuration {
  const at = all.findIndex(
    (token) => token.kind === "pair" && token.sign === "=" && normalizeName(token.key) === "for",
  );
  const pair = all[at];
  if (pair?.kind !== "pair") return { duration: parsed(undefined), tokens: all };
  const { text = "", others } = takeDuration(all, 0);
  const span = parseSpokenDuration(text);
  if (span !== undefined) return { duration: parsed(span), tokens: others };
  const better = all.map((token) => (token === pair ? pairToken("for", [bareWord("2h")]) : token));
  const hint = "Write a span in m, h or d, for example for=2h; without one it lasts as long as the alert.";
  return {
    duration: parseError(`${quote(text)} is not a span of time.`, hint, [bareToken("ack"), ...better]),
    tokens: all,
  };
}

interface SpokenEnd {
  readonly spoken: Pick<AckCommand, "durationMs" | "until">;
  readonly rest: readonly Token[];
}

/** "for 4 hours", "until 8:00" right behind the numbers. Further on, it is part of the note. */
function takeSpokenEnd(rest: readonly Token[]): SpokenEnd {
  const [first] = rest;
  const word = unquotedWord(first);
  const isPair = first?.kind === "pair" && isUntil(normalizeName(first.key));
  if (word !== "for" && !isUntil(word) && !isPair) return { spoken: {}, rest };
  const { text, until, others } = takeDuration(rest, 1);
  const durationMs = text === undefined ? undefined : parseSpokenDuration(text);
  if (until !== undefined) return { spoken: { until }, rest: others };
  return durationMs === undefined ? { spoken: {}, rest } : { spoken: { durationMs }, rest: others };
}

interface AckTarget {
  readonly alerts: AckCommand["alerts"];
  readonly rest: readonly Token[];
}

/** The numbers in front of the note, among words that only lead to them. */
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

/** A pair names alerts only when a form sent it as its choice: "eta=2" is part of a note. */
function alertsIn(token: Token): readonly number[] {
  return token.kind === "word" || /^alerts?$/.test(normalizeName(token.key)) ? numbersOf(token) : [];
}

const WORDS_BETWEEN_NUMBERS: ReadonlySet<string> = new Set("alert alerts no nr and & + #".split(" "));
const WORDS_BEFORE_NUMBERS: ReadonlySet<string> = new Set(
  "number the this that these those my our for of both them please pls plz kindly just also".split(" "),
);

/** Not every filler is one: "on it, all day" is a note. */
function isLeadIn(token: Token, isBehindNumber: boolean): boolean {
  const word = unquotedWord(token);
  if (word === undefined) return false;
  return (
    WORDS_BETWEEN_NUMBERS.has(word) || (!isBehindNumber && (WORDS_BEFORE_NUMBERS.has(word) || /^\p{P}*$/u.test(word)))
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

/** Words that are no note: "ack this please". */
function isPolite(token: Token): boolean {
  const word = unquotedWord(token);
  return word !== undefined && (POLITE.has(word) || /^\p{P}*$/u.test(word));
}
