import { uuidFromText, webexId } from "./ids.ts";

/** As `GET /wholesale/subPartners` writes it. */
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

/** The partners under the partner; the last one is suspended. */
export function createSubPartners(seed: number): readonly SubPartner[] {
  return SUB_PARTNER_NAMES.map((name, at) => ({
    orgId: webexId("ORGANIZATION", uuidFromText(`${seed} sub-partner ${name}`)),
    subscriptionId: `Sub${40_000 + at}`,
    provisioningState: at === SUB_PARTNER_NAMES.length - 1 ? "suspended" : "active",
    created: `2023-0${at + 2}-16T14:10:18.855Z`,
    billingStartDate: `2023-0${at + 2}-22T13:43:41.117Z`,
  }));
}
