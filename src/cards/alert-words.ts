import { type Alert, hasRecovered, isActive, isHealthyNow, unackedSince } from "../domain/alerts/alert.ts";
import { codesText } from "../domain/alerts/error-codes.ts";
import { KIND_RULES } from "../domain/alerts/kinds.ts";
import { CUSTOMER_ITEM, itemOf } from "../domain/customers/record.ts";
import { formatRoughly } from "../domain/views/text.ts";
import type { AlertUpdate, AlertView } from "../domain/views/views.ts";
import { statusWord, type Tone } from "./words.ts";

export interface StatusLabel {
  readonly tone: Tone;
  readonly word: string;
}

/** The present state, so that a late message is not wrong (ALERTS 26). */
export function statusLabelOf(alert: Alert, now: number): StatusLabel {
  const { isAboutAge, words } = KIND_RULES[alert.key.kind];
  if (alert.flapping !== undefined) return { tone: "warning", word: `Flapping, last seen ${presentWord(alert)}` };
  if (alert.state === "closed") return closedLabel(alert);
  if (alert.state === "healing") return { tone: "moving", word: "Recovering" };
  if (isAboutAge) return { tone: words.tone, word: statusAgeText(alert, now) };
  if (alert.suspended) return { tone: "moving", word: statusWord(alert.status ?? "deleting") };
  if (alert.retrying) return { tone: "warning", word: `Retrying (attempt ${alert.attempt})` };
  const hasFailed = alert.failures > 0 && alert.attempt > 1 && alert.reopenedAt.length === 0;
  return { tone: words.tone, word: hasFailed ? retryFailed(alert) : reopenedText(alert) || words.open };
}

/** How an alert that flaps was seen last (ALERTS 13). */
function presentWord({ key, state, retrying }: Alert): string {
  const { counted, healthy } = KIND_RULES[key.kind].words;
  if (state !== "open") return healthy;
  return retrying ? "in progress" : counted;
}

/** The headline of a message about an alert. The present state replaces an update that is outdated. */
export function headlineOf({
  update,
  alert,
  codesBefore,
  now,
}: Pick<AlertView, "update" | "alert" | "codesBefore" | "now">): StatusLabel {
  const current = statusLabelOf(alert, now);
  if (isOutdated(update, alert)) return current;
  if (alert.flapping !== undefined) {
    return update === "reminder" ? { ...current, word: `${current.word}${unacknowledgedText(alert, now)}` } : current;
  }
  const isSettled = isOpenAndBad(alert);
  const still = isSettled ? KIND_RULES[alert.key.kind].words.stillOpen : current.word;
  switch (update) {
    case "retry failed":
    case "codes changed":
    case "re-opened":
      return isSettled ? { ...current, word: newsWord(update, alert, codesBefore) || current.word } : current;
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

function newsWord(update: "retry failed" | "codes changed" | "re-opened", alert: Alert, codesBefore?: string): string {
  if (update === "retry failed") return retryFailed(alert);
  return update === "re-opened" ? reopenedText(alert) : codesChanged(alert, codesBefore);
}

/** `Now code 92105, before 2560` */
function codesChanged(alert: Alert, before = ""): string {
  const now = codesText(alert);
  const present = now === "" ? "without a code" : `code${now.includes(",") ? "s" : ""} ${now}`;
  return `Now ${present}, before ${before === "" ? "none" : before}`;
}

/** `Re-opened ×2`; empty if it never was. */
export function reopenedText({ reopenedAt }: Alert): string {
  return reopenedAt.length === 0 ? "" : `Re-opened ×${reopenedAt.length}`;
}

/** `after 42 min` for the title of a closed alert; empty where the title says what came after that. */
export function titleDuration(alert: Alert): string {
  return newStateOf(alert) === undefined ? durationText(alert) : "";
}

/** `after 42 min` for a closed alert, otherwise empty. */
export function durationText(alert: Alert): string {
  const { openedAt, closedAt } = alert;
  if (isActive(alert) || closedAt === undefined) return "";
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

/** How it ended, and what has become of its item since, if that is not the same. */
function closedLabel(alert: Alert): StatusLabel {
  const end = endLabel(alert);
  const seenNow = newStateOf(alert);
  if (seenNow === undefined) return end;
  const { counted } = KIND_RULES[alert.key.kind].words;
  if (seenNow.class === "bad") return { tone: "bad", word: `${end.word}, now ${counted} again` };
  const word = `${end.word}, now ${statusWord(seenNow.status)}`;
  return { tone: seenNow.class === "moving" ? "moving" : end.tone, word };
}

/** The present state of a closed alert's item, if that is not how it ended. */
function newStateOf(alert: Alert): Alert["seenNow"] {
  return isGone(alert) || (hasRecovered(alert) && !isHealthyNow(alert)) ? alert.seenNow : undefined;
}

function endLabel(alert: Alert): StatusLabel {
  const { recovered, removed } = KIND_RULES[alert.key.kind].words;
  if (hasRecovered(alert)) return { tone: "good", word: recovered };
  if (!isGone(alert)) return { tone: "bad", word: "In error now" };
  return { tone: "quiet", word: (alert.wasHealthy ? undefined : removed) ?? goneWord(alert) };
}

/** An alert that was open may be closed by now, and one that had stopped flapping may flap again. */
function isOutdated(update: AlertUpdate, alert: Alert): boolean {
  if (isGone(alert)) return true;
  return !isActive(alert) && update !== "flapping-end";
}

function isOpenAndBad({ state, suspended, retrying }: Alert): boolean {
  return state === "open" && !suspended && !retrying;
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

function unacknowledgedText(alert: Alert, now: number): string {
  if (alert.ack !== undefined) return "";
  const since = unackedSince(alert);
  const last = alert.pastAcks?.at(-1);
  // The reminder at the end of an acknowledgement comes at once.
  if (last?.how === "by itself" && last.endedAt === since && now - since < JUST_NOW_MS)
    return ", acknowledgement ended";
  return `, not acknowledged for ${formatRoughly(Math.max(0, now - since))}`;
}

const JUST_NOW_MS = 5 * 60_000;
