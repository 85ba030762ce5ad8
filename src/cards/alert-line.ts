import { type Alert, hasRecovered, isActive } from "../domain/alerts/alert.ts";
import type { Problem } from "../domain/customers/customer.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { AlertView } from "../domain/views/views.ts";
import { durationText, goneWord, isGone, type StatusLabel } from "./alert-words.ts";
import { type DetailLevel, formatList, takeFirst } from "./detail-level.ts";
import { type Fact, factsOf, NBSP } from "./elements.ts";
import { itemName, itemsOf, problemCodes } from "./items.ts";
import { inLine, plain, withBreakPoints } from "./plain-text.ts";
import { formatWhen, joinNonEmpty, nameOf, statusWord, type TimeFormat, withGlyph } from "./words.ts";

/** The parts that the heading above a line shows already, so that the line leaves them out. */
export interface LineContext {
  readonly shownCodes: ReadonlySet<string>;
  /** `since 14:58 UTC`; empty if the heading shows it. */
  readonly since: (alert: Alert) => string;
  readonly showsAck: boolean;
}

/** `✕ Error: Contoso Health · Meetings · code 200016 · since 23 Nov, 14:58 UTC · alert 1042`: enough on a locked phone. */
export function alertLine(
  alert: Alert,
  { label, context, detail }: { label: StatusLabel; context: LineContext; detail: DetailLevel },
): string {
  const who = [nameOf(alert.subject, detail.title), itemName(alert.key.item)];
  const pieces = [...who, ...lineDetails(alert, context, detail), `alert ${alert.id}`];
  return `${withGlyph(label.tone, label.word)}: ${joinNonEmpty(pieces, " · ")}`;
}

/** The rest of a row: codes and since when for an open alert, the duration for a closed one, who acknowledged it. */
export function lineDetails(
  alert: Alert,
  { shownCodes, since, showsAck }: LineContext,
  detail: DetailLevel,
): readonly string[] {
  const isOver = !isActive(alert);
  return [
    isOver ? "" : codesBeside(shownCodes, codesOfAlert(alert), detail.codes),
    isOver ? durationText(alert) : since(alert),
    showsAck ? acknowledgedBy(alert, detail) : "",
  ].filter((piece) => piece !== "");
}

/** `also code 10022` where the heading has another of the codes, so that it does not seem to be the only one. */
export function codesBeside(shown: ReadonlySet<string>, codes: readonly string[], most: number): string {
  const others = codes.filter((code) => !shown.has(code));
  const text = codesText(others, most);
  return others.length === codes.length || text === "" ? text : `also ${text}`;
}

/** `code 2560`, `codes 2560, 10022 and 1 more`. */
export function codesText(codes: readonly string[], most: number): string {
  return codes.length === 0 ? "" : `code${codes.length === 1 ? "" : "s"} ${formatList(codes, most)}`;
}

export function codesOfAlert(alert: Alert): readonly string[] {
  return problemCodes(reasonsOf(alert));
}

/** The problems of the item, then those of its customer, each once (ALERTS 3). */
export function reasonsOf({ key, subject }: Alert): readonly Problem[] {
  const item = itemsOf(subject).find((one) => one.item === key.item);
  const reasons = [...(item?.problems ?? []), ...subject.problems];
  const same = (one: Problem, other: Problem) => one.code === other.code && one.text === other.text;
  return reasons.filter((one, i) => reasons.findIndex((other) => same(one, other)) === i);
}

/** The status with which the item was last seen BAD. */
export function badStatusOf({ key, subject }: Alert): string | undefined {
  if (key.item === CUSTOMER_ITEM) return subject.status;
  return itemsOf(subject).find((one) => one.item === key.item)?.status;
}

export function acknowledgedBy({ ack }: Alert, { shortRows }: DetailLevel): string {
  return ack === undefined ? "" : `acknowledged by ${inLine(ack.name, shortRows ? 16 : 40) || "somebody"}`;
}

/** `Acme, Contoso Health and 2 more`: each customer once. */
export function customerNames(alerts: readonly Alert[], hasMore: boolean, detail: DetailLevel): string {
  const names = [...new Set(alerts.map(({ subject }) => nameOf(subject, detail.title)))];
  return hasMore ? `${takeFirst(names, 2).shown.join(", ")} and others` : formatList(names, 2);
}

/** "Seen", because the bot does not know when it happened (ALERTS 9). */
const SEEN_SINCE = `Seen${NBSP}since`;
const SEEN_REMOVED = `Seen${NBSP}removed`;

export function alertFacts({ alert }: AlertView, times: TimeFormat, detail: DetailLevel): readonly Fact[] {
  const { key, openedAt } = alert;
  const codes = codesOfAlert(alert);
  const isCustomer = key.item === CUSTOMER_ITEM;
  return [
    isCustomer ? { title: "Concerns", value: "The customer itself" } : { title: "Package", value: itemName(key.item) },
    ...statusFacts(alert),
    // The reasons above name the others.
    ...(codes.length > detail.problems ? [{ title: "Codes", value: formatList(codes, 6) }] : []),
    { title: SEEN_SINCE, value: times.dateTime(openedAt) },
  ];
}

/** `Provisioned → Error → Provisioning`: before, when it was seen bad, and now. */
export function statusFacts(alert: Alert): readonly Fact[] {
  const { previousStatus, status, seenNow } = alert;
  const before = [previousStatus, badStatusOf(alert)];
  const known = isGone(alert) ? before : [...before, status];
  const words = known.flatMap((one) => (one === undefined ? [] : [statusWord(one)]));
  const ended = isGone(alert) ? [...words, goneWord(alert)] : words;
  const steps = seenNow === undefined ? ended : [...ended, statusWord(seenNow.status)];
  const value = steps.filter((step, i) => step !== steps[i - 1]).join(`${NBSP}→ `);
  return value === "" ? [] : [{ title: "Status", value }];
}

/** The progress of the alert and the facts of the view. */
export function progressFacts(view: AlertView, times: TimeFormat, detail: DetailLevel): readonly Fact[] {
  const { alert, muted } = view;
  const facts = [
    { title: endOf(alert), value: closedOf(alert, times) },
    { title: "Attempt", value: attemptOf(alert) },
    { title: "Re-opened", value: reopenedOf(alert, view.now, times) },
    { title: "Muted", value: mutedOf(muted, times) },
  ];
  return [
    ...facts.filter(({ value }) => value !== ""),
    ...factsOf(view.facts, detail),
    ...storyFacts(view, times, detail),
  ];
}

/** The newest events, each with its time. */
function storyFacts({ story = [], now }: AlertView, times: TimeFormat, detail: DetailLevel): readonly Fact[] {
  return story.slice(-detail.steps).map(({ at, title, text = "", from, to }) => {
    const change = [from, to].flatMap((status) => (status === undefined ? [] : [statusWord(status)])).join(`${NBSP}→ `);
    const what = joinNonEmpty([change, withBreakPoints(plain(text, detail.text))], " ");
    return { title, value: joinNonEmpty([formatWhen(at, now, times), what], " · ") };
  });
}

function endOf(alert: Alert): string {
  if (isGone(alert)) return SEEN_REMOVED;
  return hasRecovered(alert) ? "Recovered" : "Ended";
}

function closedOf(alert: Alert, times: TimeFormat): string {
  return isActive(alert) || alert.closedAt === undefined ? "" : times.dateTime(alert.closedAt);
}

function attemptOf({ attempt, retrying, failures, state }: Alert): string {
  if (attempt <= 1) return "";
  const result = retrying ? "in progress" : failures > 0 ? "failed" : "";
  return joinNonEmpty([String(attempt), state === "open" ? result : ""], ", ");
}

function reopenedOf({ reopenedAt }: Alert, now: number, times: TimeFormat): string {
  const last = reopenedAt.at(-1);
  return last === undefined ? "" : `×${reopenedAt.length}, last ${formatWhen(last, now, times)}`;
}

/** `Ana, 14:58: on it`; empty if nobody acknowledged it. */
export function ackOf({ alert: { ack }, now }: AlertView, times: TimeFormat, detail: DetailLevel): string {
  if (ack === undefined) return "";
  const until = ack.until === undefined ? "" : `, until${NBSP}${formatWhen(ack.until, now, times)}`;
  const who = `${withBreakPoints(inLine(ack.name, 40)) || "somebody"}, ${formatWhen(ack.at, now, times)}${until}`;
  return joinNonEmpty([who, withBreakPoints(plain(ack.note ?? "", detail.text))], ": ");
}

function mutedOf(muted: AlertView["muted"], times: TimeFormat): string {
  if (muted === undefined) return "";
  return `until ${times.dateTime(muted.until)}, by${NBSP}${withBreakPoints(inLine(muted.by, 40)) || "somebody"}`;
}
