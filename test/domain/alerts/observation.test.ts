import { expect, test } from "vitest";
import { isActive } from "../../../src/domain/alerts/alert.ts";
import type { AlertKind } from "../../../src/domain/alerts/kinds.ts";
import { observationOf, observationsOf } from "../../../src/domain/alerts/observation.ts";
import type { Customer } from "../../../src/domain/customers/customer.ts";
import { alertOf, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";
import { HOUR } from "../../support/time.ts";

/** The classes of a customer and its items: `* moving, calling bad`. */
function seen(customer: Customer, kind: AlertKind = "error", ageMs = 0): string {
  const since = Object.fromEntries(["*", "calling", "suite", "addon:toll"].map((item) => [item, 0]));
  return observationsOf({ customer, since }, { scope: "", kinds: [kind], now: ageMs })
    .map((observation) => `${observation.key.item} ${observation.class}`)
    .join(", ");
}

test("ALERTS 1, 2: every package, add-on and the customer itself is a key, and its status is one of three", () => {
  expect(seen(customerOf("acme", { calling: "error", suite: "provisioned", "addon:toll": "updating" }))).toBe(
    "* good, calling bad, suite good, addon:toll moving",
  );
  expect(seen(customerOf("acme", { "*": "of_tomorrow", calling: "of_tomorrow" }))).toBe("* moving, calling moving");
});

test("ALERTS 2: a customer with errors is itself in error only where none of its items is", () => {
  expect(seen(customerOf("acme", { "*": "provisioned_with_errors", calling: "provisioned" }))).toBe(
    "* bad, calling good",
  );
  expect(seen(customerOf("acme", { "*": "provisioned_with_errors", calling: "error" }))).toBe("* moving, calling bad");
  expect(seen(customerOf("acme", { "*": "provisioned_with_errors", "addon:toll": "error" }))).toBe(
    "* moving, addon:toll bad",
  );
  expect(seen(customerOf("acme", { "*": "error", calling: "error" }))).toBe("* bad, calling bad");
});

test("ALERTS 17: an item is stuck after MOVING for two hours, in review after two days", () => {
  const updating = customerOf("acme", { calling: "updating" });
  expect(seen(updating, "stuck", 2 * HOUR - 1)).toBe("* good, calling good");
  expect(seen(updating, "stuck", 2 * HOUR)).toBe("* good, calling bad");
  const inReview = customerOf("acme", { calling: "pending_rpl_review" });
  expect(seen(inReview, "stuck", 47 * HOUR)).toBe("* good, calling good");
  expect(seen(inReview, "stuck", 48 * HOUR)).toBe("* good, calling bad");
  expect(seen(customerOf("acme", { calling: "error" }), "stuck", 48 * HOUR)).toBe("* good, calling good");
});

test("ALERTS 17: warnings count only for an item that is GOOD", () => {
  const warned = (status: string) => customerOf("acme", { calling: status }, [problemWithCode(7)]);
  expect(seen(warned("provisioned"), "warnings")).toBe("* good, calling bad");
  expect(seen(warned("error"), "warnings")).toBe("* good, calling good");
  expect(seen(customerOf("acme", { calling: "provisioned" }), "warnings")).toBe("* good, calling good");
});

test("ALERTS 14: a missing item is absent, and the customer itself never is", () => {
  const key = { scope: "", customerId: "acme", item: "calling", kind: "error" } as const;
  expect(observationOf(key, customerOf("acme", { suite: "error" }), 0)).toMatchObject({ class: "absent" });
  expect(observationOf({ ...key, item: "*" }, customerOf("acme", {}), 0)).toMatchObject({ class: "good" });
});

test("ALERTS 1: a package and an add-on of one name are two keys", () => {
  expect(seen(customerOf("acme", { calling: "error", "addon:calling": "provisioned" }))).toBe(
    "* good, calling bad, addon:calling good",
  );
});

test("ALERTS 3: an alert is about its own item and the customer, and about no other item", () => {
  const customer = {
    ...customerOf("acme", { calling: "error", suite: "error" }, [problemWithCode(2560)]),
    problems: [problemWithCode(100)],
  };
  const [whole, calling] = observationsOf({ customer, since: {} }, { scope: "", kinds: ["error"], now: 0 });
  expect(calling?.subject).toMatchObject({ packages: [{ name: "calling" }], problems: [{ code: 100 }] });
  expect(whole?.subject).toMatchObject({ packages: [], addOns: [], problems: [{ code: 100 }] });
});

test("ALERTS 8: open and healing are active, closed is not", () => {
  expect((["open", "healing", "closed"] as const).map((state) => isActive(alertOf({ state })))).toEqual([
    true,
    true,
    false,
  ]);
});
