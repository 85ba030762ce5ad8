import { type Alert, hasRecovered } from "../domain/alerts/alert.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { AlertView } from "../domain/views/views.ts";
import { badStatusOf, codesOfAlert } from "./alert-line.ts";
import { goneWord, isGone } from "./alert-words.ts";
import { type DetailLevel, formatList } from "./detail.ts";
import { type Fact, factsOf } from "./facts.ts";
import { itemName } from "./items.ts";
import { NBSP } from "./parts.ts";
import { inLine, plain, withBreakPoints } from "./plain.ts";
import { formatWhen, type TimeFormat } from "./times.ts";
import { joinNonEmpty, statusWord } from "./words.ts";

/** When the bot saw it; when it happened nobody knows (ALERTS 9). */
const SEEN_SINCE = `Seen${NBSP}since`;
const NOT_FOUND_SINCE = `Seen${NBSP}gone`;

/** What it is about. */
export function alertFacts({ alert }: AlertView, times: TimeFormat): readonly Fact[] {
  const { key, openedAt } = alert;
  const codes = codesOfAlert(alert);
  const isWhole = key.item === CUSTOMER_ITEM;
  return [
    isWhole
      ? { title: "Concerns", value: "The customer itself" }
      : { title: "Package", value: itemName(key.item) },
    ...statusFacts(alert),
    ...(codes.length === 0
      ? []
      : [{ title: codes.length === 1 ? "Code" : "Codes", value: formatList(codes, 6) }]),
    { title: SEEN_SINCE, value: times.dateTime(openedAt) },
  ];
}

/** `Provisioned → Error → Provisioning`: before, when it was seen bad, and now. */
export function statusFacts(alert: Alert): readonly Fact[] {
  const { previousStatus, status } = alert;
  const before = [previousStatus, badStatusOf(alert)];
  const known = isGone(alert) ? before : [...before, status];
  const words = known.flatMap((one) => (one === undefined ? [] : [statusWord(one)]));
  const steps = isGone(alert) ? [...words, goneWord(alert)] : words;
  const value = steps.filter((step, i) => step !== steps[i - 1]).join(`${NBSP}→ `);
  return value === "" ? [] : [{ title: "Status", value }];
}

/** What became of it, who has it, and what the view brings along. */
export function progressFacts(view: AlertView, times: TimeFormat, detail: DetailLevel): readonly Fact[] {
  const { alert, muted } = view;
  const facts = [
    { title: endOf(alert), value: closedOf(alert, times) },
    { title: "Attempt", value: attemptOf(alert) },
    { title: "Re-opened", value: reopenedOf(alert, view.now, times) },
    { title: "Acknowledged", value: ackOf(view, times, detail) },
    { title: "Muted", value: mutedOf(muted, times) },
  ];
  return [...facts.filter(({ value }) => value !== ""), ...factsOf(view.facts, detail)];
}

function endOf(alert: Alert): string {
  if (isGone(alert)) return NOT_FOUND_SINCE;
  return hasRecovered(alert) ? "Recovered" : "Ended";
}

function closedOf(alert: Alert, times: TimeFormat): string {
  return alert.closedAt === undefined ? "" : times.dateTime(alert.closedAt);
}

function attemptOf({ attempt, retrying, failures, state }: Alert): string {
  if (attempt <= 1) return "";
  const became = retrying ? "under way" : failures > 0 && state === "open" ? "failed" : "";
  return joinNonEmpty([String(attempt), became], ", ");
}

function reopenedOf({ reopenedAt }: Alert, now: number, times: TimeFormat): string {
  const last = reopenedAt.at(-1);
  return last === undefined ? "" : `×${reopenedAt.length}, last ${formatWhen(last, now, times)}`;
}

/** `Ana, 14:58: on it`. */
function ackOf({ alert: { ack }, now }: AlertView, times: TimeFormat, detail: DetailLevel): string {
  if (ack === undefined) return "";
  const who = `${withBreakPoints(inLine(ack.name, 40)) || "Somebody"}, ${formatWhen(ack.at, now, times)}`;
  return joinNonEmpty([who, withBreakPoints(plain(ack.note ?? "", detail.text))], ": ");
}

function mutedOf(muted: AlertView["muted"], times: TimeFormat): string {
  if (muted === undefined) return "";
  return `until ${times.dateTime(muted.until)}, by${NBSP}${withBreakPoints(inLine(muted.by, 40)) || "somebody"}`;
}
