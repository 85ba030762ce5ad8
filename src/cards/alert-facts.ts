import { type Alert, hasRecovered } from "../domain/alerts/alert.ts";
import { WHOLE } from "../domain/customers/record.ts";
import type { AlertView } from "../domain/replies/views.ts";
import { badStatusOf, codesOfAlert } from "./alert-line.ts";
import { goneWord, isGone } from "./alert-words.ts";
import { type Detail, listed } from "./detail.ts";
import { type Fact, factsOf } from "./facts.ts";
import { itemName } from "./items.ts";
import { HARD_SPACE } from "./parts.ts";
import { breakable, inLine, plain } from "./plain.ts";
import { type Times, whenOf } from "./times.ts";
import { joined, statusWord } from "./words.ts";

/** When the bot saw it; when it happened nobody knows (ALERTS 9). */
const SEEN_SINCE = `Seen${HARD_SPACE}since`;
const SEEN_GONE = `Seen${HARD_SPACE}gone`;

/** What it is about. */
export function alertFacts({ alert }: AlertView, times: Times): readonly Fact[] {
  const { key, openedAt } = alert;
  const codes = codesOfAlert(alert);
  const isWhole = key.item === WHOLE;
  return [
    isWhole
      ? { title: "Concerns", value: "The customer itself" }
      : { title: "Package", value: itemName(key.item) },
    ...statusFacts(alert),
    ...(codes.length === 0
      ? []
      : [{ title: codes.length === 1 ? "Code" : "Codes", value: listed(codes, 6) }]),
    { title: SEEN_SINCE, value: times.moment(openedAt) },
  ];
}

/** `Provisioned → Error → Provisioning`: before, when it was seen bad, and now. */
export function statusFacts(alert: Alert): readonly Fact[] {
  const { from, status } = alert;
  const before = [from, badStatusOf(alert)];
  const known = isGone(alert) ? before : [...before, status];
  const words = known.flatMap((one) => (one === undefined ? [] : [statusWord(one)]));
  const steps = isGone(alert) ? [...words, goneWord(alert)] : words;
  const value = steps.filter((step, i) => step !== steps[i - 1]).join(`${HARD_SPACE}→ `);
  return value === "" ? [] : [{ title: "Status", value }];
}

/** What became of it, who has it, and what the view brings along. */
export function courseFacts(view: AlertView, times: Times, detail: Detail): readonly Fact[] {
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
  if (isGone(alert)) return SEEN_GONE;
  return hasRecovered(alert) ? "Recovered" : "Ended";
}

function closedOf(alert: Alert, times: Times): string {
  return alert.closedAt === undefined ? "" : times.moment(alert.closedAt);
}

function attemptOf({ attempt, retrying, failures, state }: Alert): string {
  if (attempt <= 1) return "";
  const became = retrying ? "under way" : failures > 0 && state === "open" ? "failed" : "";
  return joined([String(attempt), became], ", ");
}

function reopenedOf({ reopenedAt }: Alert, now: number, times: Times): string {
  const last = reopenedAt.at(-1);
  return last === undefined ? "" : `×${reopenedAt.length}, last ${whenOf(last, now, times)}`;
}

/** `Ana, 14:58: on it`. */
function ackOf({ alert: { ack }, now }: AlertView, times: Times, detail: Detail): string {
  if (ack === undefined) return "";
  const who = `${breakable(inLine(ack.name, 40)) || "Somebody"}, ${whenOf(ack.at, now, times)}`;
  return joined([who, breakable(plain(ack.note ?? "", detail.text))], ": ");
}

function mutedOf(muted: AlertView["muted"], times: Times): string {
  if (muted === undefined) return "";
  return `until ${times.moment(muted.until)}, by${HARD_SPACE}${breakable(inLine(muted.by, 40)) || "somebody"}`;
}
