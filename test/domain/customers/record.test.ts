import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, isUnhealthy, itemKey, statusesOf, updatedRecord } from "../../../src/domain/customers/record.ts";
import { transitionsBetween } from "../../../src/domain/customers/transition.ts";
import { customerLists } from "../../store/customer-arbitraries.ts";

const acme = {
  id: "acme",
  address: {},
  status: "provisioned",
  packages: [
    { name: "webex_calling", status: "provisioned", problems: [] },
    { name: "webex_suite", status: "provisioned", problems: [] },
  ],
  addOns: [{ name: "webex_suite", status: "provisioned", problems: [] }],
  problems: [],
};

test("an item that stays as it is keeps its time, and one that changes gets a new one", () => {
  const before = updatedRecord(undefined, acme, 1);
  const [calling, suite] = acme.packages;
  const after = updatedRecord(
    before,
    {
      ...acme,
      packages: [{ ...calling, name: "webex_calling", status: "error", problems: [] }, ...(suite ? [suite] : [])],
    },
    2,
  );
  expect(before).toMatchObject({ firstSeenAt: 1, changedAt: 1 });
  expect(after).toMatchObject({ firstSeenAt: 1, changedAt: 2 });
  expect(after.since).toEqual({ "*": 1, webex_calling: 2, webex_suite: 1, "addon:webex_suite": 1 });
});

test("another order and another name are no change", () => {
  const before = updatedRecord(undefined, acme, 1);
  const same = { ...acme, name: "Acme", packages: [...acme.packages].reverse() };
  expect(updatedRecord(before, same, 2)).toMatchObject({ changedAt: 1, customer: { name: "Acme" } });
  expect(canonical(same)).toBe(canonical(acme));
  const moved = { ...acme, packages: acme.addOns, addOns: acme.packages };
  expect(updatedRecord(before, moved, 2)).toMatchObject({ changedAt: 2 });
});

test("a package and an add-on of one name are two items", () => {
  expect(itemKey({ name: "x" })).not.toBe(itemKey({ name: "x", isAddOn: true }));
});

test("unwell is whatever is in error, and a customer that says it has errors", () => {
  expect(isUnhealthy(acme)).toBe(false);
  expect(isUnhealthy({ ...acme, status: "error" })).toBe(true);
  expect(isUnhealthy({ ...acme, status: "provisioned_with_errors" })).toBe(true);
  expect(isUnhealthy({ ...acme, status: "brand_new" })).toBe(false);
  expect(isUnhealthy({ ...acme, addOns: [{ name: "x", status: "error", problems: [] }] })).toBe(true);
});

test("the steps between two sightings lead from the first to the second", () => {
  fc.assert(
    fc.property(customerLists, ([before, after]) => {
      const statuses = new Map(statusesOf(before));
      for (const { item, from, to } of transitionsBetween(before, after, 1)) {
        expect(from).toBe(statuses.get(item));
        expect(to).not.toBe(from);
        if (to === undefined) statuses.delete(item);
        else statuses.set(item, to);
      }
      expect(statuses).toEqual(new Map(statusesOf(after)));
    }),
  );
});
