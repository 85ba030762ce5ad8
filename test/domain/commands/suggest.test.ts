import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { isTypingSlip, nearest } from "../../../src/domain/commands/suggest.ts";

const WORDS = ["status", "error", "errors", "find", "ls", "provisioned"];

test.each([
  ["stauts", "status"],
  ["eror", "error"],
  ["erors", "errors"],
  ["fnid", "find"],
  ["provisionned", "provisioned"],
])("%s is taken for %s", (typed, meant) => {
  expect(nearest(typed, WORDS, distance)).toBe(meant);
});

test.each(["acme", "lx", "f", "", "unprovisioned", "status quo", "x".repeat(10_000)])(
  "%s is taken for nothing",
  (typed) => {
    expect(nearest(typed, WORDS, distance)).toBeUndefined();
  },
);

test("the nearest of several wins, and the first of equals", () => {
  expect(nearest("errorss", WORDS, distance)).toBe("errors");
  expect(nearest("cat", ["bat", "hat"], distance)).toBe("bat");
});

test.each([
  ["wacth", "watch"],
  ["wattch", "watch"],
  ["mutee", "mute"],
  ["folow", "follow"],
  ["unwtach", "unwatch"],
])("%s is a typing slip of %s", (typed, meant) => {
  expect(isTypingSlip(typed, meant)).toBe(true);
});

test.each([
  ["match", "watch"],
  ["temu", "mute"],
  ["mut", "mute"],
  ["mate", "mute"],
  ["mutes", "mute"],
  ["watch", "watch"],
  ["", "mute"],
])("%s is no typing slip of %s", (typed, meant) => {
  expect(isTypingSlip(typed, meant)).toBe(false);
});
