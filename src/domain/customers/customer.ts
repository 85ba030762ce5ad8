/** A Wholesale customer in our words; `wholesale/wire.ts` makes it from the API's JSON (API page, Response Properties). */
export interface Customer {
  /** The API's `id`: opaque, case sensitive, never parsed. */
  readonly id: string;
  readonly orgId?: string;
  readonly externalId?: string;
  /** The organisation's display name. The list API does not carry it, so it is often absent. */
  readonly name?: string;
  readonly address: Address;
  /** In the API's spelling; values we do not know pass through. */
  readonly status: string;
  readonly packages: readonly Package[];
  readonly addOns: readonly AddOn[];
  /** What went wrong with the customer itself, in the last attempt to provision it. */
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

/** An entry of `errors` or `warnings`: the reason for an error may be in either (research: the API's own example). */
export interface Problem {
  readonly level: "error" | "warning";
  readonly code?: number;
  readonly text: string;
}

/** What a package is called that the customer has, but whose status the API did not report. */
export const UNREPORTED = "unreported";

/** The package names of the published API description (the API page lists the first six). The API may send others too. */
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

/** The customer statuses of the API page. The API may send others; they are data, not mistakes. */
export const CUSTOMER_STATUSES = [
  "provisioned",
  "provisioned_with_errors",
  "provisioning",
  "updating",
  "deleting",
  "error",
  "pending_rpl_review",
] as const;

/** The customer statuses that `errors` asks for. */
export const PROBLEM_STATUSES = ["error", "provisioned_with_errors"] as const;

export type ProvisioningClass = "good" | "moving" | "bad";

/** The class of a package's or an add-on's status (ALERTS 2): anything unknown is moving, never bad. */
export function classOf(status: string): ProvisioningClass {
  if (status === "provisioned") return "good";
  return status === "error" ? "bad" : "moving";
}

/** What people read as the customer's name: its own name, else its external id, else its id. */
export function titleOf(customer: Customer): string {
  return customer.name ?? customer.externalId ?? customer.id;
}
