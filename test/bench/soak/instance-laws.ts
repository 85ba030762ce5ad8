import type { Call } from "../../../src/sandbox/world/call-log.ts";
import { MINUTE } from "../../support/time.ts";

/** The laws of several instances, from the calls that the twin of the Wholesale API received. */

/** The most calls within any minute. */
export function mostCallsInAMinute(calls: readonly Call[]): number {
  const times = calls.map(({ time }) => Date.parse(time)).sort((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - MINUTE) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const isSweepPage = ({ path, query }: Call): boolean =>
  path === "/wholesale/customers" && !/\b(status|externalId|orgId)=/.test(query);

/** How often a page of a sweep was asked for while another one was on its way: one sweeper has one call at a time. */
export function overlappingPages(calls: readonly Call[]): number {
  const pages = calls
    .filter(isSweepPage)
    .map(({ time, ms }) => ({ from: Date.parse(time), to: Date.parse(time) + ms }));
  pages.sort((a, b) => a.from - b.from);
  return pages.filter(({ from }, index) => index > 0 && from < (pages[index - 1]?.to ?? 0)).length;
}

export interface AnswerCounts {
  readonly asked: number;
  readonly lost: number;
  /** Questions with more than one answer. */
  readonly repeated: number;
}

/** @param words each in one question and in its answer */
export function countAnswers(words: readonly string[], answers: readonly string[]): AnswerCounts {
  const counts = words.map((word) => answers.filter((text) => text.includes(word)).length);
  const count = (is: (found: number) => boolean): number => counts.filter(is).length;
  return { asked: words.length, lost: count((found) => found === 0), repeated: count((found) => found > 1) };
}
