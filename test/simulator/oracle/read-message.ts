import { type BaselineCounts, readBaseline, readStorm, type StormCounts } from "./read-counts.ts";

/** What a line says of one item. `other` is about an optional kind: stuck, or with warnings. */
export type Claim =
  | "open"
  | "re-opened"
  | "codes-changed"
  | "retry-failed"
  | "retrying"
  | "moving"
  | "recovering"
  | "recovered"
  | "removed"
  | "flapping"
  | "came-and-went"
  | "other";

export interface Statement {
  readonly claim: Claim;
  readonly customer: string;
  readonly item: string;
  /** Absent in lines that name no alert. */
  readonly alert?: number;
  readonly codes: readonly string[];
  /** As it is written: `23 Nov, 14:58 UTC`. */
  readonly since?: string;
  /** Nobody acknowledged it: a reminder or an escalation, which is no news. */
  readonly isReminder: boolean;
  readonly isCalm: boolean;
  /** The item of a line about what came and went is in error again: the line tells of the first error, another message of the second. */
  readonly isAgain?: boolean;
  /** How an item that flaps was seen last, and one whose alert ended if that is not how it ended. */
  readonly lastSeen?: "bad" | "moving" | "good";
  readonly line: string;
}

export type Form =
  | "single"
  | "group"
  | "storm"
  | "storm-end"
  | "baseline"
  | "catch-up"
  | "reminder"
  | "removals"
  | "escalation"
  | "digest"
  | "alerts"
  | "verify"
  | "preview"
  | "outage"
  | "outage-end"
  | "other";

export interface VerifyCounts {
  readonly agrees: boolean;
  /** The errors that it counts in its first line. */
  readonly inError?: number;
  /** `Waiting: Contoso · Meetings (alert 12)` */
  readonly named: readonly string[];
}

/** What a person reads in one message of the bot. */
export interface Reading {
  readonly form: Form;
  readonly firstLine: string;
  /** Marked as possibly sent twice. */
  readonly isRepeat: boolean;
  readonly statements: readonly Statement[];
  /** Of a group: how many are open, and how many ended. */
  readonly open?: number;
  readonly flapping?: number;
  readonly ended?: number;
  /** As it is written: `1 May, 00:24 UTC`. */
  readonly asOf?: string;
  /** It says that later messages have newer changes. */
  readonly isOutdated: boolean;
  /** Rows that were left out. */
  readonly more: number;
  /** Its lines about what came and went, also beside the numbers of a storm. */
  readonly short: readonly Statement[];
  /** The codes of what came and went and is counted without a name; empty for errors without a code. */
  readonly passed: readonly string[];
  /** The list has a filter. */
  readonly isFiltered: boolean;
  /** The list is also of what the space does not watch. */
  readonly isEverywhere: boolean;
  /** Of a handover or a digest: how many opened and are still open, and how many are open from before. */
  readonly opened?: number;
  readonly older?: number;
  /** So many of a list are acknowledged. */
  readonly acknowledged?: number;
  readonly storm?: StormCounts;
  readonly baseline?: BaselineCounts;
  readonly verify?: VerifyCounts;
  /** Lines that look like statements, but that nobody can read. */
  readonly unread: readonly string[];
}

const DRILL = /^DRILL – this is a test: /;
const REPEAT = /^(?:[✕!…✓] )?\(possibly repeated\) /;

/** Reads the plain text of a message as a person does. */
export function readMessage(text: string): Reading {
  const [first = "", ...rest] = text.split("\n");
  const isRepeat = REPEAT.test(first.replace(DRILL, ""));
  const head = first.replace(DRILL, "").replace(REPEAT, (mark) => mark.replace(/\(.*\) /, ""));
  const lines = [head, ...rest];
  const form = formOf(head, rest);
  const isFiltered = rest.some((line) => line.startsWith("Filter: "));
  const isEverywhere = rest.some((line) => line.startsWith("All, also what this space does not watch"));
  const [, asOf] = rest.map((line) => /^As of (.+ UTC)$/.exec(line)).find((match) => match !== null) ?? [];
  const stamp = asOf === undefined ? {} : { asOf };
  const isOutdated = rest.some((line) => line.startsWith("This card is edited no more for now"));
  const read = {
    form,
    firstLine: first,
    isRepeat,
    isFiltered,
    isEverywhere,
    isOutdated,
    more: moreOf(rest),
    short: lines.flatMap((line) => readCameAndWent(line) ?? []),
    passed: passedIn(rest),
    statements: [],
    unread: [],
    ...stamp,
  };
  if (DRILL.test(first) || form === "other") return { ...read, form: "other" };
  if (form === "verify") return { ...read, verify: readVerify(head, rest) };
  if (form === "baseline") return { ...read, baseline: readBaseline(head, rest) };
  if (form === "storm" || form === "storm-end") return { ...read, storm: readStorm(head, rest) };
  return { ...read, ...countsOf(head, form, rest), ...readRows(lines) };
}

const FORMS: readonly (readonly [RegExp, Form])[] = [
  [/^(?:In agreement|Not in agreement|Cannot verify|No difference found)\b/, "verify"],
  [/^Watching [\d,]+ customers?(?:, filtered)?$/, "baseline"],
  [/^Storm (?:over|no longer growing)\b/, "storm-end"],
  [/^Storm\b/, "storm"],
  [/^(?:Noticed late: the bot was away|I was away)\b/, "catch-up"],
  [/^The Wholesale API (?:still )?cannot be read\b/, "outage"],
  [/^The Wholesale API can be read again\b/, "outage-end"],
  [/^(?:Digest|Handover)\b.*:/, "digest"],
  [/^Watch this in this space\?/, "preview"],
  [/^(?:No open alerts|[\d,]+ open alerts?)\b/, "alerts"],
  [/^Escalated\b|^[\d,]+ packages?\b.*, not acknowledged for 30 min\b/, "escalation"],
  [/^[\d,]+ packages?\b.*\bstill\b.*, not acknowledged\b/, "reminder"],
  [/^[\d,]+ (?:packages?|new errors?)\b/, "group"],
  [/^[\d,]+ alerts? came and went$/, "group"],
  [/^Removed from Webex: /, "removals"],
];

const GLYPH = /^[✕!…✓] /;
const ALERT_END = / · alert (\d+)$/;

function formOf(head: string, rest: readonly string[]): Form {
  const bare = head.replace(GLYPH, "");
  const form = FORMS.find(([pattern]) => pattern.test(bare))?.[1];
  if (form !== undefined) return form;
  if (!ALERT_END.test(head)) {
    const isRow = (line: string) => ALERT_END.test(line) || CAME_AND_WENT.test(line);
    return [head, ...rest].some(isRow) ? "group" : "other";
  }
  return /not acknowledged for/.test(head) ? "reminder" : "single";
}

function moreOf(lines: readonly string[]): number {
  const row = lines.findLast((line) => /^and [\d,]+ more$/.test(line));
  return row === undefined ? 0 : numberIn(row);
}

/** `And 28 more came and went: code 10022 ×27, without a code ×1` */
function passedIn(lines: readonly string[]): readonly string[] {
  const line = lines.find((one) => /^And [\d,]+ more came and went: /.test(one)) ?? "";
  return [...line.matchAll(/(?:code (\d+)|without a code) ×/g)].map(([, code = ""]) => code);
}

export function numberIn(text: string): number {
  return Number((/[\d,]+/.exec(text)?.[0] ?? "0").replaceAll(",", ""));
}

type CountsOfHead = Pick<Reading, "open" | "flapping" | "ended" | "acknowledged" | "opened" | "older">;

/** `✕ 3 packages in error, 1 stuck, 2 recovered`, `Meanwhile 3 packages went into error, and 2 recovered or were removed.` */
function countsOf(head: string, form: Form, rest: readonly string[]): CountsOfHead {
  const countIn = (text: string, pattern: RegExp) => numberIn(pattern.exec(text)?.[1] ?? "0");
  if (form === "catch-up") {
    const line = rest.find((one) => one.startsWith("Meanwhile ")) ?? "";
    return {
      open: countIn(line, /([\d,]+) packages? went into error/),
      ended: countIn(line, /and ([\d,]+) recovered/),
    };
  }
  if (form === "digest") {
    const line = rest.find((one) => / opened and still open, /.test(one)) ?? "";
    return {
      opened: countIn(line, /([\d,]+) opened and still open/),
      older: countIn(line, /([\d,]+) open from before/),
    };
  }
  if (form === "alerts")
    return {
      open: countIn(head, /([\d,]+) open alert/),
      flapping: countIn(head, /([\d,]+) flapping/),
      acknowledged: countIn(head, /([\d,]+) acknowledged/),
    };
  if (form !== "group" && form !== "reminder") return {};
  // A reminder of one alert has its name in place of a number.
  if (ALERT_END.test(head)) return /flapping/i.test(head) ? { flapping: 1 } : { open: 1 };
  const open = ["in error|still in error|new errors?", "still stuck|stuck", "still with warnings|with warnings"]
    .map((words) => countIn(head, new RegExp(`([\\d,]+) (?:packages? )?(?:${words})\\b`)))
    .reduce((sum, count) => sum + count, 0);
  return {
    open,
    flapping: countIn(head, /([\d,]+) (?:packages? )?flapping\b/),
    ended: countIn(head, /([\d,]+) (?:packages? )?(?:recovered|over)\b/),
  };
}

const LABELS: readonly (readonly [RegExp, Claim])[] = [
  [/^(?:Error|Still in error|Escalated)$/, "open"],
  [/^Now (?:codes? [\d, ]+|without a code), before (?:[\d, ]+|none)$/, "codes-changed"],
  [/^Re-opened ×\d+$/, "re-opened"],
  [/^Retry \d+ failed$/, "retry-failed"],
  [/^Retrying \(attempt \d+\)$/, "retrying"],
  [/^Recovering$/, "recovering"],
  [/^Recovered$/, "recovered"],
  [/^Removed while in error$/, "removed"],
  [/^Flapping(?:, last seen .+)?$/, "flapping"],
  [/^(?:Still )?stuck\b|^No longer stuck$|^Removed while stuck$|\bfor \d+ (?:s|min|h|d)\b/i, "other"],
  [/^(?:Provisioned|Still) with warnings$|^Warnings gone$|^In error now$/, "other"],
  [/^(?:Package|Add-on|Customer) removed$/, "removed"],
];

const LABEL = /^(?:([✕!…✓]) )?((?:Escalated: |Stuck: )?[^:·]+): (.*)$/;
const UNACKNOWLEDGED = /, not acknowledged(?: for .*)?$/;
const CALM = /, no longer flapping$/;
const NOW = /, now (.+)$/;

const HEADING =
  /^(?:Code \d+|Without a code|Recovered|Removed(?: while in error)?|Flapping|In error(?: now)?|Not healthy now|Over|Opened|Open from before)\b(?!.*· alert \d)/;

function readRows(lines: readonly string[]): Pick<Reading, "statements" | "unread"> {
  const statements: Statement[] = [];
  const unread: string[] = [];
  let heading = "";
  for (const line of lines) {
    const gone = readCameAndWent(line);
    if (gone) statements.push(gone);
    if (HEADING.test(line)) heading = line;
    if (!ALERT_END.test(line) || line.startsWith("DRILL ")) continue;
    const statement = readRow(line, heading);
    if (statement) statements.push(statement);
    else unread.push(line);
  }
  return { statements, unread };
}

/** `✕ Error: Contoso Health · Meetings · code 200016 · since 23 Nov, 14:58 UTC · acknowledged by Ana · alert 1042` */
function readRow(line: string, heading: string): Statement | undefined {
  const [, glyph = "", label = "", body = ""] = LABEL.exec(line.replace(ALERT_END, "")) ?? [];
  const word = label
    .replace(UNACKNOWLEDGED, "")
    .replace(CALM, "")
    .replace(NOW, "")
    .replace(/^Escalated: /, "");
  const claim = LABELS.find(([pattern]) => pattern.test(word))?.[1] ?? (glyph === "…" ? "moving" : undefined);
  const [names = "", details = ""] = splitDetails(body);
  const at = names.lastIndexOf(" · ");
  if (claim === undefined || at === -1) return undefined;
  return {
    claim,
    customer: names.slice(0, at),
    item: names.slice(at + 3),
    alert: Number(ALERT_END.exec(line)?.[1]),
    codes: [...`${details} · ${heading}`.matchAll(/\bcodes? ([\d, ]+)/gi)].flatMap(([, codes = ""]) => codesIn(codes)),
    ...sinceIn(`${details} · ${heading}`),
    isReminder: UNACKNOWLEDGED.test(label) || label.startsWith("Escalated"),
    isCalm: CALM.test(label),
    ...lastSeenIn(label),
    line,
  };
}

function lastSeenIn(label: string): Pick<Statement, "lastSeen"> {
  const now = NOW.exec(label)?.[1];
  if (now !== undefined) return { lastSeen: / again$/.test(now) ? "bad" : now === "Provisioned" ? "good" : "moving" };
  const seen = /, last seen (in error|in progress|healthy)$/.exec(label)?.[1];
  if (seen === undefined) return {};
  return { lastSeen: seen === "in error" ? "bad" : seen === "healthy" ? "good" : "moving" };
}

/** The names, and what follows them. */
function splitDetails(body: string): readonly [string, string] {
  const at = body.search(/ · (?:(?:also )?codes? \d|since |after \d|acknowledged by )/);
  return at === -1 ? [body, ""] : [body.slice(0, at), body.slice(at)];
}

const codesIn = (text: string): readonly string[] => text.split(/[, ]+/).filter((code) => /^\d+$/.test(code));

function sinceIn(text: string): Pick<Statement, "since"> {
  const since = /since ([^·]*?UTC)/.exec(text)?.[1];
  return since === undefined ? {} : { since };
}

const CAME_AND_WENT =
  /^(?:[✕!…✓] )?came and went: (.+) · ([^·]+) · (?:(?:codes? )?([\d, ]+)|without a code) · (?:[\d-]+ )?([\d:]+)[–-](?:[\d-]+ )?[\d:]+( UTC, again from )?/i;

/** `came and went: Firm 030 · Calling · 7000 · 18:20–18:24` */
function readCameAndWent(line: string): Statement | undefined {
  const [, customer, item, codes = "", since = "", again] = CAME_AND_WENT.exec(line) ?? [];
  if (customer === undefined || item === undefined) return undefined;
  return {
    claim: "came-and-went",
    customer,
    item,
    codes: codesIn(codes),
    since: `${since} UTC`,
    isReminder: false,
    isCalm: false,
    isAgain: again !== undefined,
    line,
  };
}

/** `In agreement: 3 errors, all told here`, `In agreement: nothing that this space watches is in error` */
function inErrorIn(head: string): Pick<VerifyCounts, "inError"> {
  if (/\bnothing that this space watches is in error\b/.test(head)) return { inError: 0 };
  const count = /: ([\d,]+) errors?\b/.exec(head)?.[1];
  return count === undefined ? {} : { inError: numberIn(count) };
}

function readVerify(head: string, rest: readonly string[]): VerifyCounts {
  return {
    agrees: /^(?:[✕!…✓] )?In agreement\b/.test(head),
    ...inErrorIn(head),
    named: rest.filter((line) =>
      /^(?:Unexplained|Not delivered|Deleted|Waiting|Not seen yet|Recovering|Held back|Muted|Flapping): .* · /.test(
        line,
      ),
    ),
  };
}
