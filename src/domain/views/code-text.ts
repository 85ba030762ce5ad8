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

/** `14 times in 90 days, median 3 h to recover, 9 of 12 after a retry.` */
export function memoryText(memory: CodeMemory): string {
  const { times, hasMore, span } = memory;
  const time = span < 2 * DAY ? formatRoughly(span) : formatCount(Math.round(span / DAY), "day");
  if (times === 0) return `No new error with this code in the last ${time}.`;
  if (hasMore) return `More than ${formatNumber(times)} times in ${time}; of the newest: ${recoveryText(memory)}.`;
  return `${times === 1 ? "Once" : `${formatNumber(times)} times`} in ${time}, ${recoveryText(memory)}.`;
}

function recoveryText({ times, recovered, retried, medianMs }: CodeMemory): string {
  if (medianMs === undefined) return times === 1 ? "not recovered" : "none recovered";
  const took = `${formatRoughly(medianMs)} to recover`;
  if (recovered === 1)
    return `${times === 1 ? "" : "1 recovered, "}${took}, ${retried === 1 ? "after" : "without"} a retry`;
  return `median ${took}, ${retried === 0 ? "none" : formatNumber(retried)} of ${formatNumber(recovered)} after a retry`;
}
