/** A Wholesale customer; `wholesale/wire.ts` makes it from the JSON of the API (API page, Response Properties). */
export interface Customer {
  /** The `id` of the API: opaque and case sensitive. */
  readonly id: string;
  readonly orgId?: string;
  readonly externalId?: string;
  /** The display name of the organisation. The list API does not send it, so it is often absent. */
  readonly name?: string;
  readonly address: Address;
  /** In the API's spelling; unknown values are kept. */
  readonly status: string;
  readonly packages: readonly Package[];
  readonly addOns: readonly AddOn[];
  /** The errors and warnings of the customer itself, from the last attempt to provision it. */
  readonly problems: readonly Problem[];
}

export interface Address {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

export interface Package {
  readonly name: string;
  readonly status: string;
  readonly problems: readonly Problem[];
}

export interface AddOn {
  readonly name: string;
  readonly status: string;
  readonly problems: readonly Problem[];
}

/** An entry of `errors` or `warnings`. The reason for an error may be in either, as in the example of the API page. */
export interface Problem {
  readonly level: "error" | "warning";
  readonly code?: number;
  readonly text: string;
}

/** The status of a package that the customer has, but whose status the API did not report. */
export const UNREPORTED = "unreported";

/** The package names of the published API description; the API page lists the first six. The API may send others. */
export const PACKAGE_NAMES = [
  "common_area_calling",
  "webex_calling",
  "webex_meetings",
  "webex_suite",
  "webex_voice",
  "cx_essentials",
  "webex_calling_standard",
  "cisco_calling_plan",
  "attendant_console",
  "cx_premium_agent",
  "cx_standard_agent",
  "cx_voice_ports",
  "cx_ai_assistant",
  "webex_ai_agent",
] as const;

/** The customer statuses of the API page. The API may send others. */
export const CUSTOMER_STATUSES = [
  "provisioned",
  "provisioned_with_errors",
  "provisioning",
  "updating",
  "deleting",
  "error",
  "pending_rpl_review",
] as const;

/** The customer statuses that the command `errors` lists. */
export const PROBLEM_STATUSES = ["error", "provisioned_with_errors"] as const;

export type ProvisioningClass = "good" | "moving" | "bad";

/** The class of the status of a package or add-on (ALERTS 2). An unknown status is moving. */
export function classOf(status: string): ProvisioningClass {
  if (status === "provisioned") return "good";
  return status === "error" ? "bad" : "moving";
}

/** The class of a customer as a person who follows it sees it: with an error in a part of it, it is BAD. */
export function followedClassOf(status: string): ProvisioningClass {
  return status === "provisioned_with_errors" ? "bad" : classOf(status);
}

/** The name that people read: the customer's name, else its external id, else its id. */
export function titleOf(customer: Customer): string {
  return customer.name ?? customer.externalId ?? customer.id;
}
