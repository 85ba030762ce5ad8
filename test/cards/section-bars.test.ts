import fc from "fast-check";
import { expect, test } from "vitest";
import { barOf, sharesOf } from "../../src/cards/section.ts";

const drawn = (...bar: Parameters<typeof barOf>) =>
  barOf(...bar)
    .map(({ text, color }) => `${color} ${text}`)
    .join(", ");

test.each([
  [11, 97, "attention █, default ░░░░░░░░░░░"],
  [1, 100_000, "attention █, default ░░░░░░░░░░░"],
  [99_999, 100_000, "attention ███████████, default ░"],
  [97, 97, "attention ████████████"],
  [0, 97, "default ░░░░░░░░░░░░"],
  [0, 0, ""],
])("%i of %i is %s", (count, whole, bar) => {
  expect(drawn([{ tone: "bad", count }], whole)).toBe(bar);
});

test("one package parts its bar by how its customers fare, the worst first", () => {
  const counts = [
    { tone: "bad", count: 12 },
    { tone: "moving", count: 3 },
    { tone: "good", count: 70 },
  ] as const;
  expect(drawn(counts, 85)).toBe("attention ██, accent █, good █████████");
});

test("a bar has 12 cells, whoever counts has one, and whoever does not has none", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat(1_000_000)), { minLength: 1, maxLength: 5 }), (counts) => {
      const shares = sharesOf(counts, 12);
      const whole = counts.reduce((sum, count) => sum + count, 0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole === 0 ? 0 : 12);
      expect(shares.map((share) => share > 0)).toEqual(counts.map((count) => count > 0));
    }),
  );
});
