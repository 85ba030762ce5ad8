import type { CodeMemory, ErrorCode } from "../alerts/error-codes.ts";
import { formatCount, formatNumber, formatRoughly } from "./text.ts";

const OWNERS: Readonly<Record<ErrorCode["owner"], string>> = {
  us: "yours",
  customer: "the customer’s",
  Cisco: "Cisco’s",
};

/** Names the party whose turn it is: `yours`, which is that of the service provider. */
export function ownerText({ owner }: ErrorCode): string {
  return OWNERS[owner];
}

/** The same as the beginning of a sentence: `Cisco’s turn`. */
export function turnText(entry: ErrorCode): string {
  const whose = entry.owner === "us" ? "your" : ownerText(entry);
  return `${whose.charAt(0).toUpperCase()}${whose.slice(1)} turn`;
}

const RETRIES: Readonly<Record<ErrorCode["retry"], string>> = {
  yes: "as it is",
  no: "not before something is changed",
  later: "later, as it is",
};

export function retryText({ retry }: ErrorCode): string {
  return RETRIES[retry];
}

const DAY = 24 * 3_600_000;

/**
 * `This code came 14 times in 90 days; 12 recovered, typically after 3 h, 9 of them after a retry.` @param what names the code where
 * a reader may take another one for it
 */
export function memoryText(memory: CodeMemory, what = "this code"): string {
  const { times, hasMore, span } = memory;
  const time = span < 2 * DAY ? formatRoughly(span) : formatCount(Math.round(span / DAY), "day");
  if (times === 0) return `No new error with ${what} in the last ${time}.`;
  const subject = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  if (hasMore) {
    const most = formatNumber(times);
    return `${subject} came more than ${most} times in ${time}; of the newest ${most}, ${recoveryText(memory)}.`;
  }
  const often = times === 1 ? "once" : `${formatNumber(times)} times`;
  return `${subject} came ${often} in ${time}; ${times === 1 ? onlyRecovery(memory) : recoveryText(memory)}.`;
}

function onlyRecovery({ retried, medianMs }: CodeMemory): string {
  if (medianMs === undefined) return "it has not recovered";
  return `it recovered after ${formatRoughly(medianMs)}${withRetry(retried === 1)}`;
}

const withRetry = (isRetried: boolean): string => (isRetried ? " and a retry" : ", without a retry");

function recoveryText({ times, recovered, retried, medianMs }: CodeMemory): string {
  if (medianMs === undefined) return "none has recovered";
  const took = formatRoughly(medianMs);
  if (recovered === 1) return `1 recovered, after ${took}${withRetry(retried === 1)}`;
  const tried = retried === 0 ? "none" : `${formatNumber(retried)} of them`;
  return `${recovered === times ? "all" : formatNumber(recovered)} recovered, typically after ${took}, ${tried} after a retry`;
}
