import { expect, test } from "vitest";
import { alertCodes, codeCounts, commonCause } from "../../../src/domain/alerts/error-codes.ts";
import { alertOf, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";

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
