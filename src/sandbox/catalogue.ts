import type { PACKAGE_NAMES } from "../domain/customers/customer.ts";

export type PackageName = (typeof PACKAGE_NAMES)[number];

/** What customers buy together. A calling plan and the attendant console need a calling package beside them. */
export const BUNDLES: readonly [readonly PackageName[], ...(readonly PackageName[])[]] = [
  ["webex_calling"],
  ["webex_calling", "webex_meetings"],
  ["webex_calling", "common_area_calling"],
  ["webex_calling", "cisco_calling_plan"],
  ["webex_calling", "webex_meetings", "attendant_console"],
  ["webex_suite"],
  ["webex_suite", "common_area_calling"],
  ["webex_suite", "cx_essentials", "attendant_console"],
  ["webex_suite", "webex_calling", "cisco_calling_plan", "common_area_calling"],
  ["webex_voice"],
  ["webex_voice", "common_area_calling"],
  ["webex_meetings"],
  ["webex_calling_standard"],
  ["webex_calling_standard", "webex_meetings", "common_area_calling"],
  ["webex_calling", "cx_essentials"],
  ["webex_calling", "cx_standard_agent", "cx_voice_ports"],
  ["webex_suite", "cx_premium_agent", "cx_voice_ports", "cx_ai_assistant"],
  ["webex_suite", "cx_premium_agent", "cx_ai_assistant", "webex_ai_agent", "attendant_console"],
  ["common_area_calling", "webex_calling", "webex_meetings", "webex_suite", "webex_voice", "cx_essentials"],
];

/** An entry of `errors` or `warnings`. */
export interface WireProblem {
  readonly errorCode: number;
  readonly description: string;
}

/** The one that the API page prints. */
export const MAINTENANCE_ERROR: WireProblem = {
  errorCode: 2560,
  description:
    "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning. Consult status.webex.com and retry later.",
};

/**
 * Why packages fail. 2560 is the API page's own and 10022 the specification's; the table of all codes could not be
 * had, so the others are made up, in numbers that no source gives a meaning to.
 */
export const SAMPLE_ERRORS: readonly [WireProblem, ...WireProblem[]] = [
  MAINTENANCE_ERROR,
  { errorCode: 10022, description: "The email address is already associated with an existing user." },
  { errorCode: 92101, description: "The main telephone number is already in use by another location." },
  { errorCode: 92102, description: "The emergency address could not be validated for this location." },
  { errorCode: 92103, description: "Not enough licences are left on the subscription for this package." },
  { errorCode: 92104, description: "The domain is claimed by another organization." },
  {
    errorCode: 92105,
    description: "The carrier did not confirm the number order in time. Retry the update.",
  },
];

export const SAMPLE_WARNINGS: readonly [WireProblem, ...WireProblem[]] = [
  { errorCode: 92201, description: "The calling region was set from the country of the address." },
  {
    errorCode: 92202,
    description: "The welcome mail could not be sent; the administrator was created without it.",
  },
];
