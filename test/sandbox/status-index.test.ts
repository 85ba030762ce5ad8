import fc from "fast-check";
import { expect, test } from "vitest";
import { createStatusIndex } from "../../src/sandbox/world/status-index.ts";
import { propertyRuns } from "../support/property-runs.ts";

const STATUSES = ["provisioned", "error", "hibernating"];
const status = fc.constantFrom(...STATUSES);
const partner = fc.option(fc.nat(3), { nil: undefined });

test("the nth of a kind is the one that counting them would find, whatever came, changed and went", () => {
  const place = fc.nat(12_000);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, fc.option(status, { nil: undefined })), { maxLength: 60 }),
      fc.record({ statuses: fc.option(fc.array(status), { nil: undefined }), partner }),
      fc.nat(9_000),
      (changes, sought, offset) => {
        const people = Array.from({ length: 9_000 }, (_, at): string | undefined => STATUSES[at % 2]);
        const partnerOf = (at: number) => (at % 5 < 4 ? at % 5 : undefined);
        const census = createStatusIndex({
          size: 9_000,
          statusOf: (at) => STATUSES[at % 2] ?? "",
          partnerOf,
        });
        for (const [at, next] of changes) {
          people[at] = next;
          if (next === undefined) census.clear(at);
          else census.put(at, next);
        }
        const fits = (at: number) =>
          people[at] !== undefined &&
          (sought.statuses === undefined || sought.statuses.includes(people[at])) &&
          (sought.partner === undefined || partnerOf(at) === sought.partner);
        const wanted = [...people.keys()].filter(fits);
        expect(census.total(sought)).toBe(wanted.length);
        expect([...census.find(sought, offset)]).toEqual(wanted.slice(offset));
        expect(Object.values(census.byStatus()).reduce((a, b) => a + b, 0)).toBe(census.total({}));
      },
    ),
    propertyRuns(40),
  );
});
