import fc from "fast-check";
import { expect, test } from "vitest";
import { PACKAGE_NAMES } from "../../src/domain/customers/customer.ts";
import { generateCustomer, generatedStatus } from "../../src/sandbox/world/customer-generator.ts";
import { candidateIndexes } from "../../src/sandbox/world/customer-ids.ts";
import { createCustomerRepository } from "../../src/sandbox/world/customer-repository.ts";
import { derivedStatus } from "../../src/sandbox/world/wire-customer.ts";
import { propertyRuns } from "../support/property-runs.ts";

const seeds = fc.nat(1_000_000);
const places = fc.integer({ min: 1, max: 3_000_000 });

test("a customer's place can be read from each of its ids", () => {
  fc.assert(
    fc.property(seeds, places, (seed, index) => {
      const { id, orgId = "", externalId = "" } = generateCustomer(seed, index).customer;
      for (const name of [id, orgId, externalId]) expect(candidateIndexes(seed, name)).toContain(index);
    }),
  );
});

test("a customer's status follows from those of its packages", () => {
  fc.assert(
    fc.property(seeds, places, (seed, index) => {
      const { customer, hasOrganization } = generateCustomer(seed, index);
      const following = derivedStatus(customer.resourceDetails.packages, hasOrganization);
      expect(customer.status).toBe(generatedStatus(seed, index));
      expect([following, following === "provisioning" && "pending_rpl_review"]).toContain(customer.status);
      expect(customer.resourceDetails.packages.map(({ name }) => name)).toEqual(customer.packages);
    }),
  );
});

test("the world is mostly healthy, has every status and package, and all its names differ", () => {
  const entries = Array.from({ length: 2_000 }, (_, index) => generateCustomer(1, index));
  const healthy = entries.filter(({ customer }) => customer.status === "provisioned").length;
  expect(healthy / entries.length).toBeGreaterThan(0.7);
  expect(healthy / entries.length).toBeLessThan(0.9);
  expect(new Set(entries.map(({ customer }) => customer.status)).size).toBe(7);
  expect(new Set(entries.flatMap(({ customer }) => customer.packages))).toEqual(new Set(PACKAGE_NAMES));
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
});

test("calling plans and attendant consoles come with a package that they need", () => {
  for (let index = 1; index < 500; index += 1) {
    const { packages } = generateCustomer(5, index).customer;
    const has = (...names: string[]) => names.some((name) => packages.includes(name));
    if (has("cisco_calling_plan"))
      expect(has("webex_calling", "webex_suite", "webex_voice", "cx_essentials")).toBe(true);
    if (has("attendant_console")) expect(has("webex_calling", "webex_suite", "cx_essentials")).toBe(true);
  }
});

test("100,000 customers are created at once, and changes show in every query", () => {
  const repository = createCustomerRepository({ seed: 1, size: 100_000, onChange: () => {} });
  expect(repository.size()).toBe(100_000);
  const [last] = repository.matching({}, 99_999);
  const found = repository.find(last?.customer.externalId ?? "");
  expect(found).toEqual(last);
  if (!found) return;
  repository.replace(found.customer.id, {
    ...found,
    customer: { ...found.customer, status: "error", externalId: "moved" },
  });
  expect(repository.find("moved")?.customer.id).toBe(found.customer.id);
  expect(repository.find(found.customer.externalId ?? "")).toBeUndefined();
  const before = repository.byStatus().error ?? 0;
  repository.remove("moved");
  expect(repository.byStatus().error).toBe(before - 1);
  expect([...repository.matching({}, 99_999)]).toEqual([]);
});

test("paging reads every customer once, whatever has been changed, added and removed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 80 }),
      fc.array(fc.nat(90)),
      fc.integer({ min: 1, max: 30 }),
      (size, gone, max) => {
        const repository = createCustomerRepository({ seed: 2, size, onChange: () => {} });
        repository.add(repository.next());
        const all = [...repository.matching({})];
        for (const index of gone) repository.remove(all[index]?.customer.id ?? "nobody");
        const left = all.filter(({ customer }) => repository.find(customer.id)).map(({ customer }) => customer.id);
        const read: string[] = [];
        for (let offset = 0; offset <= size; offset += max) {
          const page = [...repository.matching({}, offset)].slice(0, max);
          read.push(...page.map(({ customer }) => customer.id));
        }
        expect(read).toEqual(left);
        expect(repository.size()).toBe(left.length);
      },
    ),
    propertyRuns(40),
  );
});
