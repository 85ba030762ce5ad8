import { expect, test } from "vitest";
import {
  alertCodes,
  type CodeEpisode,
  codeCounts,
  commonCause,
  recalledCode,
  rememberCode,
} from "../../../src/domain/alerts/error-codes.ts";
import { memoryText } from "../../../src/domain/views/code-text.ts";
import { alertOf, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";
import { DAY, HOUR, MINUTE } from "../../support/time.ts";

const failed = (customerId: string, item: string, ...codes: readonly number[]) =>
  alertOf({
    key: { scope: "", customerId, item, kind: "error" },
    subject: customerOf(customerId, { [item]: "error" }, codes.map(problemWithCode)),
  });

test("ALERTS 21: the same code at five customers is a common cause, and at four is none", () => {
  const crowd = (size: number) => Array.from({ length: size }, (_, at) => failed(`c${at}`, "calling", 2560, at));
  expect(commonCause(crowd(5))).toBe(2560);
  expect(commonCause(crowd(4))).toBeUndefined();
});

test("ALERTS 21: five packages of one customer are one customer", () => {
  const alerts = ["a", "b", "c", "d", "e"].map((item) => failed("acme", item, 2560));
  expect(commonCause(alerts)).toBeUndefined();
  expect(codeCounts(alerts)).toEqual([{ code: 2560, count: 5, customers: 1 }]);
});

test("ALERTS 21: codes are counted once an alert, and those of most customers come first", () => {
  const alerts = [failed("a", "x", 7, 9, 7), failed("b", "x", 9), failed("b", "y", 7), failed("c", "x", 9)];
  expect(codeCounts(alerts)).toEqual([
    { code: 9, count: 3, customers: 3 },
    { code: 7, count: 2, customers: 2 },
  ]);
});

test("ALERTS 3: the codes of an alert are its item's own, then the customer's, each once", () => {
  const { subject } = failed("acme", "calling", 2560, 7);
  expect(
    alertCodes({
      subject: {
        ...subject,
        problems: [problemWithCode(7), problemWithCode(100), { level: "error", text: "" }],
      },
    }),
  ).toEqual([2560, 7, 100]);
});

const recovered = (recoveredAfter: number, isRetried = false): CodeEpisode => ({
  customerId: String(recoveredAfter),
  isOfCustomer: false,
  recoveredAfter,
  isRetried,
});
const about = { code: 7, span: 90 * DAY, hasMore: false };
const remember = (...episodes: readonly CodeEpisode[]) => memoryText(rememberCode(episodes, about));
const open: CodeEpisode = { customerId: "acme", isOfCustomer: false, isRetried: true };

test.each([
  ["No new error with this code in the last 90 days.", []],
  ["Once in 90 days, not recovered.", [open]],
  ["Once in 90 days, 5 min to recover, without a retry.", [recovered(5 * MINUTE)]],
  ["2 times in 90 days, none recovered.", [open, open]],
  ["2 times in 90 days, 1 recovered, 5 min to recover, after a retry.", [open, recovered(5 * MINUTE, true)]],
  [
    "3 times in 90 days, median 5 min to recover, none of 2 after a retry.",
    [open, recovered(4 * MINUTE), recovered(6 * MINUTE)],
  ],
  [
    "3 times in 90 days, median 1 h to recover, 1 of 3 after a retry.",
    [recovered(DAY), recovered(HOUR, true), recovered(MINUTE)],
  ],
] as const)("ALERTS 3: %s", (text, episodes) => {
  expect(remember(...episodes)).toBe(text);
});

test("ALERTS 3: the memory says how far back it goes, and when it does not count all", () => {
  const episodes = [recovered(MINUTE), open];
  expect(memoryText(rememberCode(episodes, { ...about, span: 5 * HOUR }))).toMatch(/^2 times in 5 h, /);
  expect(memoryText(rememberCode(episodes, { ...about, hasMore: true }))).toBe(
    "More than 2 times in 90 days; of the newest: 1 recovered, 1 min to recover, without a retry.",
  );
});

test("the first code of the only alert is recalled, while that is not over", () => {
  const one = failed("acme", "calling", 2560, 7);
  expect(recalledCode([one])).toEqual({ scope: "", code: 2560 });
  expect(recalledCode([one, one])).toBeUndefined();
  expect(recalledCode([{ ...one, state: "closed", reason: "recovered" }])).toBeUndefined();
  expect(recalledCode([failed("acme", "calling")])).toBeUndefined();
});
