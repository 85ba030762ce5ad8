import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AbsenceSample,
  drawSample,
  evaluateList,
  type ListDoubt,
} from "../../../src/domain/customers/list-doubt.ts";
import { DAY, HOUR, MINUTE } from "../../support/time.ts";

const sampleOf = (known: number, absent: number, answers: Partial<AbsenceSample> = {}): AbsenceSample => ({
  known,
  absent,
  lookedUp: Math.min(10, absent),
  found: 0,
  gone: 0,
  isSinglePage: known <= 100,
  ...answers,
});
/** Every sample was answered with 404. */
const gone = (known: number, absent: number): AbsenceSample => sampleOf(known, absent, { gone: Math.min(10, absent) });

const verdictOf = (doubt: ListDoubt | undefined) => (doubt === undefined || doubt.isBelieved ? "complete" : "suspect");

test.each([
  ["a first list may be empty", sampleOf(0, 0), "complete"],
  ["nobody is absent", sampleOf(250, 0), "complete"],
  ["one of two is absent and gone", gone(2, 1), "complete"],
  ["half are absent, and gone", gone(250, 125), "complete"],
  ["half are absent, and the samples exist", sampleOf(250, 125, { found: 10 }), "suspect"],
  ["three of the samples exist, and none is gone", sampleOf(250, 20, { found: 3 }), "suspect"],
  ["more of the samples exist than are gone", sampleOf(250, 20, { found: 6, gone: 4 }), "suspect"],
  ["three slipped through while seven were removed", sampleOf(250, 20, { found: 3, gone: 7 }), "complete"],
  ["three of one page exist while seven were removed", sampleOf(50, 10, { found: 3, gone: 7 }), "suspect"],
  ["two of the samples exist", sampleOf(250, 20, { found: 2, gone: 8 }), "complete"],
  ["two of one page are absent, and both exist", sampleOf(50, 2, { found: 2 }), "suspect"],
  ["two of one page are absent, and one exists", sampleOf(50, 2, { found: 1, gone: 1 }), "complete"],
  ["two slipped through between pages", sampleOf(250, 2, { found: 2 }), "complete"],
  ["over half are absent, and gone", gone(250, 126), "suspect"],
  ["the list is empty, and every look-up is answered with 403", sampleOf(4_000, 4_000), "suspect"],
  ["one customer is known and absent", gone(1, 1), "suspect"],
] as const)("ALERTS 6: %s", (_, sample, verdict) => {
  expect(verdictOf(evaluateList(sample, undefined, 0))).toBe(verdict);
});

/** The verdicts of sweeps that end at these times. */
function verdicts(sweeps: readonly (readonly [at: number, sample: AbsenceSample])[], confirmedAt = Infinity) {
  let doubt: ListDoubt | undefined;
  return sweeps.map(([at, sample]) => {
    if (doubt !== undefined && at >= confirmedAt) doubt = { ...doubt, confirmedBy: "Olga" };
    doubt = evaluateList(sample, doubt, at);
    return verdictOf(doubt);
  });
}
const [SUSPECT, COMPLETE] = ["suspect", "complete"] as const;

test("ALERTS 6: few customers are believed to be gone after three sweeps and an hour", () => {
  const at = (minute: number) => [minute * MINUTE, gone(30, 20)] as const;
  expect(verdicts([at(0), at(5), at(55), at(60), at(65)])).toEqual([SUSPECT, SUSPECT, SUSPECT, COMPLETE, COMPLETE]);
  expect(verdicts([at(0), at(90), at(180)])).toEqual([SUSPECT, SUSPECT, COMPLETE]);
});

test("ALERTS 6: many are believed to be gone when a person says so, or after a day", () => {
  const at = (hour: number) => [hour * HOUR, gone(4_000, 4_000)] as const;
  expect(verdicts([at(0), at(1), at(2), at(23.9), at(24)])).toEqual([...Array(4).fill(SUSPECT), COMPLETE]);
  expect(verdicts([at(0), at(0.5), at(1), at(2)], 2 * HOUR)).toEqual([...Array(3).fill(SUSPECT), COMPLETE]);
});

test("ALERTS 6: what a person said is about the absence of then: a list with many fewer is doubted anew", () => {
  const sweeps = [0, 1, 2, 3].map((hour) => [hour * HOUR, gone(4_000, 2_100)] as const);
  expect(verdicts([...sweeps, [4 * HOUR, gone(4_000, 4_000)]], HOUR)).toEqual([
    SUSPECT,
    SUSPECT,
    COMPLETE,
    COMPLETE,
    SUSPECT,
  ]);
});

test("ALERTS 6: a sample that exists ends the belief, one that was answered otherwise only delays it", () => {
  const sweeps = (second: AbsenceSample) =>
    [gone(30, 20), second, gone(30, 20), gone(30, 20)].map((sample, hour) => [hour * HOUR, sample] as const);
  const found = sampleOf(30, 20, { found: 1, gone: 9 });
  expect(verdicts(sweeps(found))).toEqual(Array(4).fill(SUSPECT));
  expect(verdicts(sweeps(sampleOf(30, 20)))).toEqual([SUSPECT, SUSPECT, SUSPECT, COMPLETE]);
  expect(verdicts([...sweeps(sampleOf(30, 20)), [4 * HOUR, found]]).at(-1)).toBe(SUSPECT);
});

test("ALERTS 6: a doubt has its beginning and the figures of the last list", () => {
  const first = evaluateList(gone(4_000, 4_000), undefined, DAY);
  expect(first).toMatchObject({ since: DAY, known: 4_000, present: 0, mayBeTrue: true });
  const found = sampleOf(4_000, 3_000, { found: 10 });
  expect(evaluateList(found, first, DAY + HOUR)).toMatchObject({ since: DAY, present: 1_000, mayBeTrue: false });
});

test("a sample has so many different ones, and all where there are no more", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat()),
      fc.nat(12),
      fc.float({ min: 0, max: 1, maxExcluded: true }),
      (all, size, x) => {
        const drawn = drawSample(all, size, () => x);
        expect(new Set(drawn).size).toBe(Math.min(size, all.length));
        expect(all).toEqual(expect.arrayContaining([...drawn]));
      },
    ),
  );
});
