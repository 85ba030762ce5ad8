import { generateExternalId, generateUuid } from "./customer-ids.ts";
import { hashNumbers, pick, randomShare } from "./random.ts";
import {
  BUNDLES,
  CITIES,
  companyName,
  SAMPLE_ERRORS,
  SAMPLE_WARNINGS,
  STREETS,
  type WireProblem,
} from "./sample-data.ts";
import { uuidFromText, webexId } from "./webex-ids.ts";
import { EXAMPLE_CUSTOMER, type WireCustomer, type WirePackage } from "./wire-customer.ts";

/** A customer of the world, with what the API does not show of it. */
export interface CustomerEntry {
  /** Always has its orgId; `presentCustomer` hides it where the API does. */
  readonly customer: WireCustomer;
  readonly name: string;
  readonly hasOrganization: boolean;
}

/** Four of ten customers belong to one of four sub-partners. */
const SUB_PARTNER_COUNT = 4;

/** One number for each random property, so that no two of them correlate. */
const SALT = {
  status: 1,
  bundle: 2,
  place: 3,
  street: 4,
  problem: 5,
  cause: 6,
  addOn: 7,
  partner: 8,
} as const;

/**
 * The share of the customers in each status; the rest is `provisioned`. More customers are unhealthy than at a real
 * provider, so that even a small world has several pages of errors.
 */
const STATUS_SHARES: readonly (readonly [status: string, share: number])[] = [
  ["provisioned_with_errors", 0.07],
  ["error", 0.07],
  ["provisioning", 0.03],
  ["updating", 0.02],
  ["deleting", 0.01],
  ["pending_rpl_review", 0.015],
];

/** The status of a generated customer, without generating the rest of it. */
export function generatedStatus(seed: number, index: number): string {
  if (index === 0) return EXAMPLE_CUSTOMER.status;
  let share = randomShare(seed, index, SALT.status);
  for (const [status, part] of STATUS_SHARES) {
    if (share < part) return status;
    share -= part;
  }
  return "provisioned";
}

/** The customer at a place of the world. The same seed gives the same customer. */
export function generateCustomer(seed: number, index: number): CustomerEntry {
  if (index === 0) return { customer: EXAMPLE_CUSTOMER, name: "Alder Drive Stationers Ltd", hasOrganization: true };
  const status = generatedStatus(seed, index);
  const bundle = pick(BUNDLES, seed, index, SALT.bundle);
  const packages = bundle.map((name, at) => packageOf(name, at, { status, seed, index }));
  const withMeetings = bundle.some((name) => name === "webex_meetings" || name === "webex_suite");
  const addOns = withMeetings && randomShare(seed, index, SALT.addOn) < 0.3;
  const customer: WireCustomer = {
    id: webexId("ENTERPRISE", generateUuid(seed, index, 11)),
    orgId: webexId("ORGANIZATION", generateUuid(seed, index, 12)),
    externalId: generateExternalId(seed, index),
    address: addressAt(seed, index),
    status,
    packages: bundle,
    resourceDetails: {
      packages,
      ...(addOns && { addOns: [{ name: "meetings_toll_dialin", status: packages[0]?.status ?? status }] }),
    },
    ...(status === "error" && { errors: [problemAt(seed, index)] }),
  };
  const hasOrganization = !["error", "provisioning", "pending_rpl_review"].includes(status);
  return { customer, name: companyName(index), hasOrganization };
}

/** The number of the sub-partner that a customer belongs to; undefined for the partner's own customers. */
export function generatedSubPartner(seed: number, index: number): number | undefined {
  const partner = Math.floor(randomShare(seed, index, SALT.partner) * 10);
  return index > 0 && partner < SUB_PARTNER_COUNT ? partner : undefined;
}

const problemAt = (seed: number, index: number): WireProblem => pick(SAMPLE_ERRORS, seed, index, SALT.cause);

function packageOf(name: string, at: number, of: { status: string; seed: number; index: number }): WirePackage {
  const { status, seed, index } = of;
  const draw = randomShare(seed, index, SALT.problem);
  if (status === "error" || (status === "provisioned_with_errors" && at === 0)) {
    // As in the API page's example, the reason for an error is sometimes among the warnings only.
    const reason = [problemAt(seed, index)];
    return { name, status: "error", ...(draw < 0.25 ? { warnings: reason } : { errors: reason }) };
  }
  if (status === "provisioning" || status === "pending_rpl_review") return { name, status: "provisioning" };
  if (status === "updating" && at === 0) return { name, status: "provisioning" };
  if (status === "deleting") return { name, status: "deleting" };
  const warned = status === "provisioned" && at === 0 && draw < 0.03;
  return {
    name,
    status: "provisioned",
    ...(warned && { warnings: [pick(SAMPLE_WARNINGS, seed, index, SALT.cause)] }),
  };
}

function addressAt(seed: number, index: number) {
  const { city, state, zip, country } = pick(CITIES, seed, index, SALT.place);
  const house = 1 + (hashNumbers(seed, index, SALT.street) % 990);
  return {
    addressLine1: `${house} ${pick(STREETS, seed, index, SALT.street)}`,
    ...(house % 4 === 0 && { addressLine2: `Suite ${house % 37}` }),
    city,
    stateOrProvince: state,
    zipOrPostalCode: zip,
    country,
  };
}

/** A sub-partner in the JSON of `GET /wholesale/subPartners`. */
export interface SubPartner {
  readonly orgId: string;
  readonly subscriptionId: string;
  readonly provisioningState: "active" | "suspended";
  readonly created: string;
  readonly billingStartDate: string;
}

/** The names of the sub-partners' organisations, in the order of `createSubPartners`. */
export const SUB_PARTNER_NAMES = [
  "Northlight Telecom",
  "Canyon Connect",
  "Baltic Voice",
  "Old Harbor Networks",
] as const;

/** The sub-partners; the last one is suspended. */
export function createSubPartners(seed: number): readonly SubPartner[] {
  return SUB_PARTNER_NAMES.map((name, at) => ({
    orgId: webexId("ORGANIZATION", uuidFromText(`${seed} sub-partner ${name}`)),
    subscriptionId: `Sub${40_000 + at}`,
    provisioningState: at === SUB_PARTNER_NAMES.length - 1 ? "suspended" : "active",
    created: `2023-0${at + 2}-16T14:10:18.855Z`,
    billingStartDate: `2023-0${at + 2}-22T13:43:41.117Z`,
  }));
}
