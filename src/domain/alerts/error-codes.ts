import type { Scope } from "../customers/sweep.ts";
import { type Alert, isActive } from "./alert.ts";

/** The entry of a code. None of it is made up: an entry says where it is from. */
export interface ErrorCode {
  readonly meaning: string;
  /** The party whose turn it is; `us` is the service provider. */
  readonly owner: "us" | "customer" | "Cisco";
  /** The next step. */
  readonly next: string;
  /** If the same order helps when it is sent again. */
  readonly retry: "yes" | "no" | "later";
  readonly link?: string | undefined;
  readonly source: string;
}

/** `cards/codes.json`, with the operator's own entries over it (`CODES_FILE`). */
export type ErrorCodes = ReadonlyMap<number, ErrorCode>;

/** The bot’s memory of a code in one scope: the errors with it that it saw begin, without those of before it came. */
export interface CodeMemory {
  readonly code: number;
  /** The length of the time that it remembers, in milliseconds. */
  readonly span: number;
  readonly times: number;
  /** There were more; only the newest are counted. */
  readonly hasMore: boolean;
  readonly recovered: number;
  /** How many of those were tried again before. */
  readonly retried: number;
  /** The median time to recover, in milliseconds; absent when none has recovered. */
  readonly medianMs?: number;
}

/** An error with the code that the bot saw begin. */
export interface CodeEpisode {
  readonly customerId: string;
  /** The error was of the customer itself, and not of one of its items. */
  readonly isOfCustomer: boolean;
  /** Milliseconds; absent while it has not recovered. */
  readonly recoveredAfter?: number;
  readonly isRetried: boolean;
}

/** A code whose memory is asked for. */
export interface RecalledCode {
  readonly scope: Scope;
  readonly code: number;
}

/** The code whose memory a card of these alerts shows: the first one of its only alert, while that is not over. */
export function recalledCode(alerts: readonly Alert[]): RecalledCode | undefined {
  const [only, ...others] = alerts;
  if (only === undefined || others.length > 0 || !isActive(only)) return undefined;
  const [code] = alertCodes(only);
  return code === undefined ? undefined : { scope: only.key.scope, code };
}

/** An error of the customer itself does not count beside those of its items (ALERTS 2). */
export function rememberCode(
  episodes: readonly CodeEpisode[],
  about: Pick<CodeMemory, "code" | "span" | "hasMore">,
): CodeMemory {
  const withItems = new Set(episodes.flatMap((one) => (one.isOfCustomer ? [] : [one.customerId])));
  const counted = episodes.filter((one) => !one.isOfCustomer || !withItems.has(one.customerId));
  const recovered = counted.filter((one) => one.recoveredAfter !== undefined);
  const medianMs = median(recovered.map(({ recoveredAfter = 0 }) => recoveredAfter));
  return {
    ...about,
    times: counted.length,
    recovered: recovered.length,
    retried: recovered.filter(({ isRetried }) => isRetried).length,
    ...(medianMs !== undefined && { medianMs }),
  };
}

/** Of an even number of values the mean of the middle two. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return sorted.length === 0 ? undefined : middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

const COMMON_CAUSE_CUSTOMERS = 5;

/** The most frequent code that at least five customers share (ALERTS 21). */
export function commonCause(alerts: readonly Alert[]): number | undefined {
  return codeCounts(alerts).find(({ customers }) => customers >= COMMON_CAUSE_CUSTOMERS)?.code;
}

/** The number of alerts and of customers with each code, most customers first. */
export function codeCounts(
  alerts: readonly Alert[],
): readonly { readonly code: number; readonly count: number; readonly customers: number }[] {
  const byCode = new Map<number, Alert[]>();
  for (const alert of alerts) {
    for (const code of alertCodes(alert)) {
      const known = byCode.get(code);
      if (known === undefined) byCode.set(code, [alert]);
      else known.push(alert);
    }
  }
  return [...byCode]
    .map(([code, affected]) => ({
      code,
      count: affected.length,
      customers: new Set(affected.map(({ key }) => key.customerId)).size,
    }))
    .sort((a, b) => b.customers - a.customers || b.count - a.count || a.code - b.code);
}

/** The codes of an alert as one text, for a comparison that ignores their order. */
export function codesText(alert: Pick<Alert, "subject">): string {
  return [...alertCodes(alert)].sort((a, b) => a - b).join(", ");
}

/** The codes of an alert, those of the item first (ALERTS 3). */
export function alertCodes({ subject }: Pick<Alert, "subject">): readonly number[] {
  const problems = [...subject.packages, ...subject.addOns].flatMap((item) => item.problems);
  const codes = [...problems, ...subject.problems].flatMap(({ code }) => (code === undefined ? [] : [code]));
  return [...new Set(codes)];
}
