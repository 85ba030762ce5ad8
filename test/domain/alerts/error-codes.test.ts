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
  ["This code came once in 90 days; it has not recovered.", [open]],
  ["This code came once in 90 days; it recovered after 5 min, without a retry.", [recovered(5 * MINUTE)]],
  ["This code came 2 times in 90 days; none has recovered.", [open, open]],
  ["This code came 2 times in 90 days; 1 recovered, after 5 min and a retry.", [open, recovered(5 * MINUTE, true)]],
  [
    "This code came 3 times in 90 days; 2 recovered, typically after 5 min, none after a retry.",
    [open, recovered(4 * MINUTE), recovered(6 * MINUTE)],
  ],
  [
    "This code came 3 times in 90 days; all recovered, typically after 1 h, 1 of them after a retry.",
    [recovered(DAY), recovered(HOUR, true), recovered(MINUTE)],
  ],
] as const)("ALERTS 3: %s", (text, episodes) => {
  expect(remember(...episodes)).toBe(text);
  const named = memoryText(rememberCode(episodes, about), "code 7");
  expect(named).toBe(text.replace("This code", "Code 7").replace("this code", "code 7"));
});

test("ALERTS 3: the memory says how far back it goes, and when it does not count all", () => {
  const episodes = [recovered(MINUTE), open];
  expect(memoryText(rememberCode(episodes, { ...about, span: 5 * HOUR }))).toMatch(/^This code came 2 times in 5 h; /);
  expect(memoryText(rememberCode(episodes, { ...about, hasMore: true }))).toBe(
    "This code came more than 2 times in 90 days; of the newest 2, 1 recovered, after 1 min, without a retry.",
  );
});

test("the first code of the only alert is recalled, while that is not over", () => {
  const one = failed("acme", "calling", 2560, 7);
  expect(recalledCode([one])).toEqual({ scope: "", code: 2560 });
  expect(recalledCode([one, one])).toBeUndefined();
  expect(recalledCode([{ ...one, state: "closed", reason: "recovered" }])).toBeUndefined();
  expect(recalledCode([failed("acme", "calling")])).toBeUndefined();
});
