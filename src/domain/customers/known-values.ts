import { CUSTOMER_STATUSES, PACKAGE_NAMES, PROBLEM_STATUSES, UNREPORTED } from "./customer.ts";

/** The values of a field whose values the API documents. Other values are accepted when they are quoted. */
export interface KnownValues {
  /** The word for one value in an error message. */
  readonly noun: string;
  /** In the API's spelling. */
  readonly api: readonly string[];
  /** Everyday names, in lower case with single spaces, and the API values they stand for. */
  readonly everyday: Readonly<Record<string, string | readonly string[]>>;
  /** Everyday names are replaced within quotes as well, as an input of a form sends them. */
  readonly areNamedInQuotes?: boolean;
  /** Any other value is as usual as these, so that none is taken for a mistyped one. */
  readonly areOthersUsual?: boolean;
}

/** `status=all` means the same as no term at all. */
const ANY: KnownValues["everyday"] = { all: [], any: [] };

const BROKEN: KnownValues["everyday"] = {
  failed: "error",
  failing: "error",
  fails: "error",
  faulty: "error",
  broken: "error",
  erroring: "error",
  errored: "error",
  breaks: "error",
  broke: "error",
  breaking: "error",
  "in error": "error",
};

const HEALTHY: KnownValues["everyday"] = { ok: "provisioned", okay: "provisioned", healthy: "provisioned" };

export const STATUS_VALUES: KnownValues = {
  noun: "status",
  api: CUSTOMER_STATUSES,
  everyday: {
    ...ANY,
    ...BROKEN,
    ...HEALTHY,
    errors: PROBLEM_STATUSES,
    problems: PROBLEM_STATUSES,
    problem: PROBLEM_STATUSES,
    issues: PROBLEM_STATUSES,
    issue: PROBLEM_STATUSES,
    failures: PROBLEM_STATUSES,
    unhealthy: PROBLEM_STATUSES,
    wrong: PROBLEM_STATUSES,
    "being provisioned": "provisioning",
    "being updated": "updating",
    "being deleted": "deleting",
    "with errors": "provisioned_with_errors",
    "provisioned with error": "provisioned_with_errors",
    pending: "pending_rpl_review",
    "pending review": "pending_rpl_review",
    "pending rpl": "pending_rpl_review",
    "compliance review": "pending_rpl_review",
  },
};

export const PACKAGE_STATUS_VALUES: KnownValues = {
  noun: "package status",
  api: ["provisioned", "provisioning", "deleting", "error", UNREPORTED],
  everyday: { ...ANY, ...BROKEN, ...HEALTHY, errors: "error" },
};

export const PACKAGE_VALUES: KnownValues = {
  noun: "package",
  api: PACKAGE_NAMES,
  everyday: {
    ...ANY,
    "common area": "common_area_calling",
    "common areas": "common_area_calling",
    "common area phone": "common_area_calling",
    "common area phones": "common_area_calling",
    calling: "webex_calling",
    wxc: "webex_calling",
    telephony: "webex_calling",
    "calling professional": "webex_calling",
    "webex calling professional": "webex_calling",
    meetings: "webex_meetings",
    meeting: "webex_meetings",
    "webex meeting": "webex_meetings",
    suite: "webex_suite",
    suites: "webex_suite",
    voice: "webex_voice",
    essentials: "cx_essentials",
    "contact center essentials": "cx_essentials",
    "webex customer assist": "cx_essentials",
    "customer assist": "cx_essentials",
    "customer experience essentials": "cx_essentials",
    "calling standard": "webex_calling_standard",
    "standard calling": "webex_calling_standard",
    "calling plan": "cisco_calling_plan",
    "calling plans": "cisco_calling_plan",
    attendant: "attendant_console",
    attendants: "attendant_console",
    "premium agent": "cx_premium_agent",
    "standard agent": "cx_standard_agent",
    "voice ports": "cx_voice_ports",
    "ai assistant": "cx_ai_assistant",
    "ai agent": "webex_ai_agent",
    "toll dial-in": "meetings_toll_dialin",
    "meetings toll dial-in": "meetings_toll_dialin",
  },
};
