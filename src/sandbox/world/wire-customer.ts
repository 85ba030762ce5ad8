import { z } from "zod";
import { MAINTENANCE_ERROR } from "./sample-data.ts";
import { uuidFromText, webexId } from "./webex-ids.ts";

const ProblemsSchema = z.array(z.object({ errorCode: z.number(), description: z.string() })).readonly();

const PackageSchema = z.looseObject({
  name: z.string(),
  status: z.string(),
  warnings: ProblemsSchema.optional(),
  errors: ProblemsSchema.optional(),
});

/**
 * A customer in the JSON of the List Wholesale Customers API (API page, Response Properties).
 * Unknown fields are kept, because the API grows.
 */
export const WireCustomerSchema = z.looseObject({
  id: z.string(),
  orgId: z.string().optional(),
  externalId: z.string().optional(),
  address: z.looseObject({}).optional(),
  status: z.string(),
  packages: z.array(z.string()).readonly(),
  resourceDetails: z.looseObject({
    packages: z.array(PackageSchema).readonly(),
    addOns: z.array(PackageSchema).readonly().optional(),
  }),
  errors: ProblemsSchema.optional(),
});

export type WireCustomer = Readonly<z.output<typeof WireCustomerSchema>>;
export type WirePackage = Readonly<z.output<typeof PackageSchema>>;

/** The example customer of the API page, word for word. It is the first one of every world. */
export const EXAMPLE_CUSTOMER: WireCustomer = {
  id: "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA4",
  orgId: "Y2lzY29zcGFyazovL3VzL09yZ2FuaXphdGlvbi81MmNmNTc2ZC02MGE4LTQwN2EtYjIyYy00NjdjNTE1OTE5MDk",
  externalId: "c1677a16-557a-4fb4-b48f-24adde57ec99",
  address: {
    addressLine1: "771 Alder Drive",
    addressLine2: "Cisco Site 5",
    city: "Milpitas",
    stateOrProvince: "CA",
    zipOrPostalCode: "95035",
    country: "US",
  },
  status: "provisioned_with_errors",
  packages: ["common_area_calling", "webex_calling", "webex_meetings", "webex_suite", "webex_voice", "cx_essentials"],
  resourceDetails: {
    packages: [
      { name: "common_area_calling", status: "provisioned" },
      { name: "webex_calling", status: "error", warnings: [MAINTENANCE_ERROR] },
      { name: "webex_meetings", status: "provisioned" },
      { name: "webex_suite", status: "provisioned" },
      { name: "webex_voice", status: "provisioned" },
      { name: "cx_essentials", status: "provisioned" },
    ],
    addOns: [{ name: "meetings_toll_dialin", status: "provisioned" }],
  },
};

/** Webex shows the orgId only in these statuses. */
const STATUSES_WITH_ORG: ReadonlySet<string> = new Set(["provisioned", "provisioned_with_errors"]);

export function presentCustomer(customer: WireCustomer): WireCustomer {
  if (STATUSES_WITH_ORG.has(customer.status)) return customer;
  const { orgId: _, ...rest } = customer;
  return rest;
}

/** With the licences of each provisioned package, as `includePackageLicenseInfo` asks for them. */
export function withLicenses(customer: WireCustomer): WireCustomer {
  const { resourceDetails } = customer;
  const licenseIds = (name: string) => [webexId("LICENSE", uuidFromText(`${customer.id} ${name}`))];
  const packages = resourceDetails.packages.map((item) =>
    item.status === "provisioned" ? { ...item, licenseIds: licenseIds(item.name) } : item,
  );
  return { ...customer, resourceDetails: { ...resourceDetails, packages } };
}

/**
 * The status of a customer, derived from its packages.
 * @param settled true once its organisation exists: from then on it is neither `provisioning` nor `error`
 */
export function derivedStatus(packages: readonly WirePackage[], settled: boolean): string {
  const all = (status: string) => packages.length > 0 && packages.every((item) => item.status === status);
  if (all("error") && !settled) return "error";
  if (packages.some(({ status }) => status === "error")) return "provisioned_with_errors";
  if (all("deleting")) return "deleting";
  if (packages.every(({ status }) => status === "provisioned")) return "provisioned";
  return settled ? "updating" : "provisioning";
}
