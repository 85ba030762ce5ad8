import { type Alert, hasRecovered } from "../domain/alerts/alert.ts";
import { KIND_RULES } from "../domain/alerts/kinds.ts";
import { CUSTOMER_ITEM, itemOf } from "../domain/customers/record.ts";
import type { AlertUpdate, AlertView } from "../domain/views/views.ts";
import { formatRoughly, statusWord, type Tone } from "./words.ts";

/** Where an alert stands: a word for it, and how it strikes people. */
export interface StatusLabel {
  readonly tone: Tone;
  readonly word: string;
}

/** What is so now, whatever was told before: a message that comes late is never wrong (ALERTS 26). */
export function statusLabelOf(alert: Alert, now: number): StatusLabel {
  const { isAboutAge, words } = KIND_RULES[alert.key.kind];
  if (alert.state === "closed") return closedLabel(alert);
  if (alert.flapping !== undefined) return { tone: "warning", word: "Flapping" };
  if (alert.state === "healing") return { tone: "moving", word: "Recovering" };
  if (isAboutAge) return { tone: words.tone, word: statusAgeText(alert, now) };
  if (alert.suspended) return { tone: "moving", word: statusWord(alert.status ?? "deleting") };
  if (alert.retrying) return { tone: "warning", word: `Retrying (attempt ${alert.attempt})` };
  const hasFailed = alert.failures > 0 && alert.attempt > 1 && alert.reopenedAt.length === 0;
  return { tone: words.tone, word: hasFailed ? retryFailed(alert) : words.open };
}

/** What a message says of an alert. News that has been overtaken gives way to what is so now. */
export function headlineOf({ update, alert, now }: Pick<AlertView, "update" | "alert" | "now">): StatusLabel {
  const standing = statusLabelOf(alert, now);
  if (isOutdated(update, alert)) return standing;
  const isSettled = isOpenAndBad(alert);
  const still = isSettled ? KIND_RULES[alert.key.kind].words.stillOpen : standing.word;
  switch (update) {
    case "retry failed":
      return isSettled ? { ...standing, word: retryFailed(alert) } : standing;
    case "re-opened":
      return isSettled ? { ...standing, word: reopenedText(alert) || standing.word } : standing;
    case "reminder":
      return { ...standing, word: `${still}${unacknowledgedText(alert, now)}` };
    case "escalated":
      return {
        ...standing,
        word: `Escalated${unacknowledgedText(alert, now) || `: ${standing.word}`}`,
      };
    case "flapping-end":
      return { ...standing, word: `${still}, no longer flapping` };
    case "opened":
    case "current":
    case "flapping":
    case "recovered":
    case "removed":
      return standing;
  }
}

/** `Re-opened ×2`; empty when it never was. */
export function reopenedText({ reopenedAt }: Alert): string {
  return reopenedAt.length === 0 ? "" : `Re-opened ×${reopenedAt.length}`;
}

/** `after 42 min`, of what is over; empty before. */
export function durationText({ state, openedAt, closedAt }: Alert): string {
  if (state !== "closed" || closedAt === undefined) return "";
  return `after ${formatRoughly(Math.max(0, closedAt - openedAt))}`;
}

/** Not there any more. */
export function isGone({ reason }: Alert): boolean {
  return reason !== undefined && reason !== "recovered";
}

/** `Package removed`: what is not there any more. */
export function goneWord({ reason, key }: Alert): string {
  if (reason === "customer removed" || key.item === CUSTOMER_ITEM) return "Customer removed";
  return itemOf(key.item).isAddOn ? "Add-on removed" : "Package removed";
}

/** It may be gone, but it did not recover. */
function closedLabel(alert: Alert): StatusLabel {
  const { recovered, removed } = KIND_RULES[alert.key.kind].words;
  if (hasRecovered(alert)) return { tone: "good", word: recovered };
  if (!isGone(alert)) return { tone: "bad", word: "In error now" };
  return { tone: "quiet", word: removed ?? goneWord(alert) };
}

/** What was told to be open may be over by now, and what was told to be steady may flap again. */
function isOutdated(news: AlertUpdate, alert: Alert): boolean {
  if (alert.flapping !== undefined || isGone(alert)) return true;
  return alert.state === "closed" && news !== "flapping-end";
}

/** Open and bad, and neither on its way to something else nor too restless to say. */
function isOpenAndBad({ state, flapping, suspended, retrying }: Alert): boolean {
  return state === "open" && flapping === undefined && !suspended && !retrying;
}

/** `Provisioning for 3 h`, or `Stuck` where the status is not known. */
function statusAgeText({ key, status, movingSince }: Alert, now: number): string {
  const { open } = KIND_RULES[key.kind].words;
  const word = status === undefined ? "" : statusWord(status);
  if (word === "" || movingSince === undefined) return word === "" ? open : `${open}: ${word}`;
  return `${word} for ${formatRoughly(Math.max(0, now - movingSince))}`;
}

/** The first attempt was nobody's retry: the second one is "retry 2" (ALERTS 10). */
function retryFailed({ attempt }: Alert): string {
  return `Retry ${attempt} failed`;
}

function unacknowledgedText({ ack, badSince }: Alert, now: number): string {
  return ack === undefined ? `, not acknowledged for ${formatRoughly(Math.max(0, now - badSince))}` : "";
}
