import { type Alert, hasRecovered } from "../domain/alerts/alert.ts";
import { KIND_RULES } from "../domain/alerts/kinds.ts";
import { CUSTOMER_ITEM, itemOf } from "../domain/customers/record.ts";
import type { AlertUpdate, AlertView } from "../domain/views/views.ts";
import { formatRoughly, statusWord, type Tone } from "./words.ts";

export interface StatusLabel {
  readonly tone: Tone;
  readonly word: string;
}

/** The present state, so that a late message is not wrong (ALERTS 26). */
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

/** The headline of a message about an alert. The present state replaces an update that is outdated. */
export function headlineOf({ update, alert, now }: Pick<AlertView, "update" | "alert" | "now">): StatusLabel {
  const current = statusLabelOf(alert, now);
  if (isOutdated(update, alert)) return current;
  const isSettled = isOpenAndBad(alert);
  const still = isSettled ? KIND_RULES[alert.key.kind].words.stillOpen : current.word;
  switch (update) {
    case "retry failed":
      return isSettled ? { ...current, word: retryFailed(alert) } : current;
    case "re-opened":
      return isSettled ? { ...current, word: reopenedText(alert) || current.word } : current;
    case "reminder":
      return { ...current, word: `${still}${unacknowledgedText(alert, now)}` };
    case "escalated":
      return {
        ...current,
        word: `Escalated${unacknowledgedText(alert, now) || `: ${current.word}`}`,
      };
    case "flapping-end":
      return { ...current, word: `${still}, no longer flapping` };
    case "opened":
    case "current":
    case "flapping":
    case "recovered":
    case "removed":
      return current;
  }
}

/** `Re-opened ×2`; empty if it never was. */
export function reopenedText({ reopenedAt }: Alert): string {
  return reopenedAt.length === 0 ? "" : `Re-opened ×${reopenedAt.length}`;
}

/** `after 42 min` for a closed alert, otherwise empty. */
export function durationText({ state, openedAt, closedAt }: Alert): string {
  if (state !== "closed" || closedAt === undefined) return "";
  return `after ${formatRoughly(Math.max(0, closedAt - openedAt))}`;
}

/** Closed because the item or the customer was removed. */
export function isGone({ reason }: Alert): boolean {
  return reason !== undefined && reason !== "recovered";
}

/** `Package removed`. */
export function goneWord({ reason, key }: Alert): string {
  if (reason === "customer removed" || key.item === CUSTOMER_ITEM) return "Customer removed";
  return itemOf(key.item).isAddOn ? "Add-on removed" : "Package removed";
}

function closedLabel(alert: Alert): StatusLabel {
  const { recovered, removed } = KIND_RULES[alert.key.kind].words;
  if (hasRecovered(alert)) return { tone: "good", word: recovered };
  if (!isGone(alert)) return { tone: "bad", word: "In error now" };
  return { tone: "quiet", word: removed ?? goneWord(alert) };
}

/** An alert that was open may be closed by now, and one that had stopped flapping may flap again. */
function isOutdated(update: AlertUpdate, alert: Alert): boolean {
  if (alert.flapping !== undefined || isGone(alert)) return true;
  return alert.state === "closed" && update !== "flapping-end";
}

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

/** The first attempt is not a retry, so the second one is "retry 2" (ALERTS 10). */
function retryFailed({ attempt }: Alert): string {
  return `Retry ${attempt} failed`;
}

function unacknowledgedText({ ack, badSince }: Alert, now: number): string {
  return ack === undefined ? `, not acknowledged for ${formatRoughly(Math.max(0, now - badSince))}` : "";
}
