import fc from "fast-check";
import { expect, test } from "vitest";
import { partsText } from "../../src/cards/elements.ts";
import { statusCounts, statusParts } from "../../src/cards/status-line.ts";
import { CUSTOMER_STATUSES, type Customer, PACKAGE_NAMES } from "../../src/domain/customers/customer.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { addOn, customer, emailTaken, maintenance, packageOf } from "./card-fixtures.ts";

const lineOf = (parts: Partial<Customer>, names = 4) => partsText(statusParts(customer(parts), { names, codes: 2 }));

test.each<[string, Partial<Customer>, string]>([
  ["one healthy package", { packages: [packageOf("webex_calling")] }, "✓ 1 package provisioned"],
  ["all healthy", { packages: [packageOf("webex_calling"), packageOf("webex_voice")] }, "✓ All 2 packages provisioned"],
  ["no package", {}, "✓ Provisioned · No packages"],
  [
    "an error beside health",
    {
      packages: [
        packageOf("webex_calling", "error", maintenance),
        packageOf("webex_meetings", "error"),
        packageOf("webex_voice"),
      ],
    },
    "✕ Error: Calling (2560), Meetings · ✓ 1 OK",
  ],
  [
    "codes of errors before those of warnings, each once",
    { packages: [packageOf("webex_calling", "error", maintenance, emailTaken, maintenance)] },
    "✕ Error: Calling (10022, 2560)",
  ],
  [
    "a warning on a healthy package",
    { packages: [packageOf("webex_calling", "provisioned", maintenance), packageOf("webex_voice")] },
    "! Warning: Calling (2560) · ✓ 1 OK",
  ],
  [
    "packages in progress, by status",
    {
      status: "updating",
      packages: [
        packageOf("webex_voice", "provisioning"),
        packageOf("webex_suite", "deleting"),
        packageOf("cx_essentials", "provisioning"),
      ],
    },
    "… Updating · … Provisioning: Voice, CX Essentials · … Deleting: Suite",
  ],
  [
    "a package that the API does not report",
    { packages: [packageOf("webex_voice", "unreported"), packageOf("webex_suite")] },
    "✓ 1 OK · Not reported: Voice",
  ],
  [
    "nothing but unreported packages",
    { packages: [packageOf("webex_voice", "unreported")] },
    "✓ Provisioned · Not reported: Voice",
  ],
  [
    "a package that the API warns of and does not report",
    { packages: [packageOf("webex_voice", "unreported", maintenance), packageOf("webex_suite")] },
    "! Warning: Voice (2560) · ✓ 1 OK",
  ],
  [
    "a customer in error, its packages well",
    { status: "error", packages: [packageOf("webex_suite")] },
    "✕ Error · ✓ 1 OK",
  ],
  ["a customer in error with its own code", { status: "error", problems: [emailTaken] }, "✕ Error (10022)"],
  [
    "a customer with errors, its packages well",
    { status: "provisioned_with_errors", packages: [packageOf("webex_suite")] },
    "! Provisioned with errors · ✓ 1 OK",
  ],
  [
    "a customer with errors, which a package explains",
    { status: "provisioned_with_errors", packages: [packageOf("webex_suite", "error", emailTaken)] },
    "✕ Error: Suite (10022)",
  ],
  [
    "its own code beside those of packages",
    { status: "error", problems: [maintenance], packages: [packageOf("webex_suite", "error", emailTaken)] },
    "✕ Error (2560): Suite (10022)",
  ],
  [
    "one cause for several packages and the customer, once",
    {
      status: "error",
      problems: [emailTaken],
      packages: [packageOf("webex_suite", "error", emailTaken), packageOf("webex_calling", "error", emailTaken)],
    },
    "✕ Error: Suite, Calling (10022)",
  ],
  [
    "a code that several packages have, once",
    {
      packages: [
        packageOf("webex_suite", "error", emailTaken),
        packageOf("webex_calling", "error", maintenance),
        packageOf("webex_voice", "error", emailTaken),
      ],
    },
    "✕ Error: Suite, Voice (10022); Calling (2560)",
  ],
  [
    "its own warning, all else well",
    { problems: [maintenance], packages: [packageOf("webex_suite")] },
    "! Warning (2560) · ✓ 1 OK",
  ],
  ["a review", { status: "pending_rpl_review" }, "! Compliance review"],
  [
    "a review beside an error",
    { status: "pending_rpl_review", packages: [packageOf("webex_suite", "error")] },
    "✕ Error: Suite · ! Compliance review",
  ],
  ["deletion", { status: "deleting", packages: [packageOf("webex_suite")] }, "… Deleting · ✓ 1 OK"],
  [
    "what the API will send tomorrow",
    { status: "brand_new_status", packages: [packageOf("hologram_suite", "brand_new_thing")] },
    "… Brand new status · … Brand new thing: Hologram suite",
  ],
  [
    "an add-on in error",
    { packages: [packageOf("webex_suite")], addOns: [addOn("error", emailTaken)] },
    "✕ Error: Toll dial-in (10022) · ✓ 1 OK",
  ],
  ["a healthy add-on", { packages: [packageOf("webex_suite")], addOns: [addOn()] }, "✓ 1 package provisioned"],
])("the line of a customer tells %s", (_, parts, line) => {
  expect(lineOf(parts)).toBe(line);
});

test("more packages than there is room for are counted", () => {
  const packages = PACKAGE_NAMES.map((name) => packageOf(name, "error", emailTaken));
  expect(lineOf({ packages }, 2)).toBe("✕ Error: Common area, Calling and 12 more (10022)");
});

test("under a heading that says that all are in error, the word is left out, and the customer's own code has a name", () => {
  const omitted = (parts: Partial<Customer>) =>
    partsText(statusParts(customer(parts), { names: 4, codes: 2, omitsError: true }));
  const packages = [
    packageOf("webex_suite", "error", emailTaken),
    packageOf("webex_voice", "provisioned", maintenance),
  ];
  expect(omitted({ packages })).toBe("✕ Suite (10022) · ! Warning: Voice (2560)");
  expect(omitted({ status: "error", problems: [{ level: "error", code: 77, text: "" }], packages })).toBe(
    "✕ Customer (77), Suite (10022) · ! Warning: Voice (2560)",
  );
  expect(omitted({ status: "error" })).toBe("✕ Customer");
});

const problems = fc.array(fc.constantFrom(maintenance, emailTaken, { level: "error", text: "" } as const), {
  maxLength: 3,
});
const status = fc.oneof(
  fc.constantFrom(...CUSTOMER_STATUSES, "unreported", "", "constructor", "brand_new"),
  fc.string(),
);
const anyCustomer: fc.Arbitrary<Customer> = fc
  .record({
    status,
    problems,
    packages: fc.array(fc.record({ name: fc.oneof(fc.constantFrom(...PACKAGE_NAMES), fc.string()), status, problems })),
    addOns: fc.array(fc.record({ name: fc.string(), status, problems }), { maxLength: 2 }),
  })
  .map((parts) => customer(parts));

test("an unhealthy customer is never shown as healthy: every summary begins with the worst part", () => {
  const isBad = (one: { status: string }) => one.status === "error";
  fc.assert(
    fc.property(anyCustomer, (one) => {
      const everything = [one, ...one.packages, ...one.addOns];
      const isUnhealthy =
        one.status === "provisioned_with_errors" || everything.some((some) => some.problems.length > 0);
      const first = statusParts(one, { names: 3, codes: 1 })[0]?.tone;
      const head = statusCounts(one).map(({ tone }) => tone);
      if (everything.some(isBad)) {
        expect(first).toBe("bad");
        expect(head).toContain("bad");
      } else if (isUnhealthy) {
        expect(first).not.toBe("good");
      }
      expect(first).toBeDefined();
      expect(head.length).toBeGreaterThan(0);
    }),
    propertyRuns(300),
  );
});
