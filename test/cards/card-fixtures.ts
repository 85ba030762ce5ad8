import { readFileSync } from "node:fs";
import {
  type AddOn,
  CUSTOMER_STATUSES,
  type Customer,
  PACKAGE_NAMES,
  type Package,
  type Problem,
} from "../../src/domain/customers/customer.ts";
import type { Transition } from "../../src/domain/customers/transition.ts";
import type {
  Button,
  CustomersView,
  CustomerView,
  FindView,
  HelpView,
  HistoryView,
  NoticeView,
  SubpartnersView,
  SubscribersView,
  SummaryView,
} from "../../src/domain/views/views.ts";
import { bareCustomer } from "../support/customer.ts";

/** The people of these tests: customers and views by name. */

export const READ_AT = Date.UTC(2026, 10, 23, 15, 0, 0, 123);
const FRESH = { source: "live", readAt: READ_AT } as const;
/** As the snapshot has it: read `seconds` ago. */
export const asOf = (seconds: number) =>
  ({ source: "snapshot", readAt: READ_AT - seconds * 1_000, now: READ_AT }) as const;
/** Before the first sweep is through. */
export const FIRST_SWEEP = { source: "snapshot", now: READ_AT, readSoFar: 4_200 } as const;

export const maintenance: Problem = {
  level: "warning",
  code: 2560,
  text: "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning.",
};
export const emailTaken: Problem = {
  level: "error",
  code: 10022,
  text: "The address is already associated with a user.",
};

export function customer(parts: Partial<Customer> = {}): Customer {
  const id = "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvMQ";
  return bareCustomer({ id, externalId: "ACME_01", address: { city: "Denver", country: "US" }, ...parts });
}

export function packageOf(name: string, status = "provisioned", ...problems: readonly Problem[]): Package {
  return { name, status, problems };
}

export function addOn(status = "provisioned", ...problems: readonly Problem[]): AddOn {
  return { name: "meetings_toll_dialin", status, problems };
}

export function customersView(parts: Partial<CustomersView> = {}): CustomersView {
  return {
    kind: "customers",
    filter: "status=error",
    page: 2,
    firstRow: 11,
    customers: [],
    hasMore: false,
    unreadable: 0,
    freshness: FRESH,
    notes: [],
    buttons: [],
    ...parts,
  };
}

export function customerView(one: Customer, parts: Partial<CustomerView> = {}): CustomerView {
  const view = { kind: "customer", customer: one, since: {}, alerts: [], notes: [], buttons: [] } as const;
  return { ...view, freshness: FRESH, ...parts };
}

const OPEN: Button = { title: "Open", command: "customer", main: true, inputs: ["customer"] };

export const LIST_BUTTONS: readonly Button[] = [
  OPEN,
  { title: "‹ Prev", command: "customers status=error page=1" },
  { title: "Next ›", command: "customers status=error page=3" },
  { title: "Filter", command: "find status=error" },
  { title: "Refresh", command: "customers status=error page=2 fresh=yes" },
];

/** A first page has room for the export. */
export const FIRST_PAGE_BUTTONS: readonly Button[] = [
  OPEN,
  { title: "Next ›", command: "customers page=2" },
  { title: "Filter", command: "find" },
  { title: "Refresh", command: "customers fresh=yes" },
  { title: "Export", command: "export" },
];

/** One customer of each kind that a list has to tell apart. */
export const ALL_CUSTOMERS: readonly Customer[] = [
  customer({
    name: "Northwind Traders",
    externalId: "NWT_0042",
    packages: ["webex_calling", "webex_meetings", "webex_suite"].map((name) => packageOf(name)),
  }),
  customer({
    name: "Contoso Health",
    externalId: "CNT_0007",
    address: { city: "München", country: "DE" },
    status: "provisioned_with_errors",
    packages: [
      packageOf("webex_calling", "error", maintenance),
      packageOf("webex_meetings", "error", emailTaken),
      packageOf("webex_suite"),
      packageOf("webex_voice", "provisioning"),
    ],
  }),
  customer({
    name: "Fabrikam Logistics International GmbH",
    externalId: "FAB_0113",
    address: { city: "Frankfurt am Main", country: "DE" },
    packages: [packageOf("common_area_calling", "provisioned", maintenance), packageOf("webex_voice")],
  }),
  customer({ externalId: "c1677a16-557a-4fb4-b48f-24adde57ec99", packages: [packageOf("webex_voice")] }),
  customer({
    name: "Tailspin Toys",
    status: "provisioning",
    packages: [packageOf("webex_voice", "provisioning")],
  }),
  customer({
    name: "Wide World Importers",
    status: "error",
    problems: [emailTaken],
    packages: [packageOf("webex_suite")],
  }),
  customer({ name: "Fourth Coffee", status: "pending_rpl_review", address: {}, packages: [] }),
  customer({
    name: "Lucerne Publishing",
    status: "deleting",
    packages: [packageOf("webex_suite", "deleting")],
  }),
  customer({
    name: "Margie’s Travel",
    status: "brand_new_status",
    packages: [packageOf("hologram_suite", "brand_new_thing"), packageOf("webex_voice", "unreported")],
    addOns: [addOn("error", maintenance)],
  }),
  customer({ name: "The Phone Company of Greater Cleveland", address: { city: "Cleveland", country: "US" } }),
];

/** The API page's own example, in our words. */
export function seedCustomer(): Customer {
  const { items } = JSON.parse(readFileSync("test/fixtures/seed-example.json", "utf8"));
  const [{ address, resourceDetails, ...seed }] = items;
  return {
    id: seed.id,
    orgId: seed.orgId,
    externalId: seed.externalId,
    address: {
      line1: address.addressLine1,
      line2: address.addressLine2,
      city: address.city,
      state: address.stateOrProvince,
      zip: address.zipOrPostalCode,
      country: address.country,
    },
    status: seed.status,
    packages: resourceDetails.packages.map(readPackage),
    addOns: resourceDetails.addOns.map(readPackage),
    problems: [],
  };
}

interface WirePackage {
  readonly name: string;
  readonly status: string;
  readonly warnings?: readonly { readonly errorCode: number; readonly description: string }[];
}

function readPackage({ name, status, warnings = [] }: WirePackage): Package {
  const problems = warnings.map(
    ({ errorCode, description }): Problem => ({ level: "warning", code: errorCode, text: description }),
  );
  return { name, status, problems };
}

export const findView: FindView = {
  kind: "find",
  notes: ["Leave empty what does not matter."],
  text: "acme",
  statuses: [["error", "provisioned_with_errors"], ...CUSTOMER_STATUSES.map((one) => [one])],
  status: ["error", "provisioned_with_errors"],
  packages: PACKAGE_NAMES.map((one) => [one]),
  package: ["webex_calling"],
  code: "2560, 10022",
  country: "DE",
  isInErrorOnly: true,
  showsIds: true,
  externalId: "ACME_01",
  orgId: "",
  max: 10,
  buttons: [
    { title: "Apply", command: "customers", main: true, inputs: ["text", "status", "code[]", "max"] },
    { title: "Export", command: "export", inputs: ["text", "status", "code[]", "max"] },
    { title: "Clear", command: "customers" },
  ],
};

export const helpView: HelpView = {
  kind: "help",
  title: "What you can ask",
  lines: ["Write a line like these; in a space, mention me first. Buttons do the same."],
  topics: [
    { usage: "customers status=error", does: "Customers, ten on a page." },
    { usage: "customer <externalId>", does: "One customer; open 16 opens row 16." },
    { usage: "find", does: "A form to fill in instead of typing." },
  ],
  buttons: [
    { title: "Customers", command: "customers", main: true },
    { title: "In error", command: "customers status=error,provisioned_with_errors" },
  ],
};

export const noticeView: NoticeView = {
  kind: "notice",
  tone: "failure",
  title: "Webex did not answer",
  lines: ["The Wholesale API took longer than 10 seconds.", "Try again in a minute."],
  facts: [{ title: "Reference", value: "ROUTER_6A1F-22" }],
  buttons: [{ title: "Try again", command: "customers status=error fresh=yes", main: true }],
};

export const wellKnown: CustomerView = customerView(
  customer({
    name: "Wide World Importers",
    orgId: "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x",
    externalId: "WWI_EU_04",
    address: { line1: "12 rue de la République", city: "Lyon", zip: "69002", country: "FR" },
    status: "error",
    problems: [{ level: "error", code: 4003, text: "The postal code does not match the country." }],
    packages: [
      packageOf("webex_calling", "error", maintenance, emailTaken),
      packageOf("webex_meetings", "error"),
      packageOf("webex_suite", "provisioned", maintenance),
      packageOf("webex_voice", "provisioning"),
      packageOf("cx_essentials"),
      packageOf("cx_ai_assistant", "unreported"),
    ],
    addOns: [addOn("error", emailTaken)],
  }),
  {
    since: {
      "*": Date.UTC(2026, 10, 23, 14, 2),
      webex_calling: Date.UTC(2026, 10, 23, 14, 2),
      webex_meetings: Date.UTC(2025, 11, 31, 23, 59),
      webex_voice: Date.UTC(2026, 10, 23, 14, 40),
      cx_essentials: Date.UTC(2026, 2, 1),
      "addon:meetings_toll_dialin": Date.UTC(2026, 10, 22, 8, 30),
    },
    notes: ["Webex answered with an older state than before."],
    buttons: [
      { title: "Refresh", command: "customer WWI_EU_04 fresh=yes" },
      { title: "Back to list", command: "customers page=2" },
    ],
  },
);

export const BOUND = { subpartner: "Acme Reseller", freshness: asOf(40) } as const;

export const summaryView: SummaryView = {
  kind: "summary",
  filter: "",
  summary: {
    total: 97,
    byStatus: [
      { value: "provisioned", customers: 71 },
      { value: "provisioned_with_errors", customers: 9 },
      { value: "error", customers: 11 },
      { value: "provisioning", customers: 4 },
      { value: "pending_rpl_review", customers: 1 },
      { value: "brand_new_status", customers: 1 },
    ],
    byPackage: [
      { name: "common_area_calling", bad: 0, moving: 0, good: 31 },
      { name: "webex_calling", bad: 12, moving: 3, good: 70 },
      { name: "webex_meetings", bad: 5, moving: 0, good: 58 },
      { name: "webex_suite", bad: 0, moving: 2, good: 40 },
      { name: "webex_voice", bad: 1, moving: 0, good: 12 },
      { name: "cisco_calling_plan", bad: 0, moving: 0, good: 9 },
      { name: "attendant_console", bad: 0, moving: 0, good: 5 },
      { name: "cx_essentials", bad: 0, moving: 0, good: 4 },
      { name: "cx_premium_agent", bad: 0, moving: 0, good: 3 },
      { name: "webex_ai_agent", bad: 0, moving: 1, good: 0 },
    ],
    byCode: [
      { value: "2560", customers: 12 },
      { value: "10022", customers: 5 },
      { value: "200042", customers: 1 },
    ],
  },
  freshness: asOf(725),
  notes: [],
  buttons: [
    { title: "Show errors", command: "errors", main: true },
    { title: "Trend", command: "trend" },
    { title: "Export CSV", command: "export" },
  ],
};

export const crowd: SummaryView["summary"] = {
  total: 100_000,
  byStatus: [
    { value: "provisioned", customers: 99_988 },
    { value: "error", customers: 12 },
  ],
  byPackage: PACKAGE_NAMES.map((name, i) => ({
    name,
    bad: i === 3 ? 12 : 0,
    moving: i,
    good: 99_988 - i * 1_000,
  })),
  byCode: Array.from({ length: 20 }, (_, i) => ({ value: String(200_040 + i), customers: 120 - i * 6 })),
};

export function transitionOf(parts: Partial<Transition> = {}): Transition {
  return {
    customerId: "one",
    title: "Wide World Importers",
    item: "webex_calling",
    at: Date.UTC(2026, 10, 23, 14, 2, 5),
    from: "provisioned",
    to: "error",
    codes: [2560],
    ...parts,
  };
}

const earlier = { at: Date.UTC(2026, 10, 23, 9, 30), codes: [] };
const { from: _from, ...arrival } = transitionOf({
  ...earlier,
  title: "Tailspin Toys",
  item: "*",
  to: "provisioning",
});
const { to: _to, ...departure } = transitionOf({
  ...earlier,
  title: "Fourth Coffee",
  item: "addon:meetings_toll_dialin",
});

/** One step of each kind that a history has to tell apart. */
export const TRANSITIONS: readonly Transition[] = [
  transitionOf(),
  transitionOf({
    title: "Contoso Health",
    item: "webex_meetings",
    from: "error",
    to: "provisioned",
    codes: [],
  }),
  transitionOf({
    title: "c1677a16-557a-4fb4-b48f-24adde57ec99",
    item: "*",
    to: "provisioned_with_errors",
    codes: [2560, 10022, 4003],
  }),
  arrival,
  departure,
  transitionOf({
    ...earlier,
    title: "Fabrikam Logistics International GmbH",
    item: "hologram_suite",
    to: "brand_new_thing",
  }),
];

export const historyView: HistoryView = {
  kind: "history",
  transitions: TRANSITIONS,
  hasMore: true,
  observedSince: Date.UTC(2026, 10, 1, 9, 0),
  now: READ_AT,
  buttons: [
    { title: "Refresh", command: "changes since=24h" },
    { title: "Show errors", command: "errors" },
  ],
};

export const subscribersView: SubscribersView = {
  kind: "subscribers",
  title: "Subscribers of Contoso Health",
  subscribers: [
    { email: "ada.novak@contoso.example", packages: ["webex_calling"], status: "provisioned", problems: [emailTaken] },
    { email: "ben.okafor@contoso.example", packages: ["webex_calling"], status: "provisioned", problems: [] },
    { email: "chiara.peters@contoso.example", packages: ["webex_suite"], status: "provisioned", problems: [] },
    { email: "", packages: ["webex_suite"], status: "pending_user_migration", problems: [] },
    { email: "lena.weiss@contoso.example", packages: [], status: "brand_new", problems: [maintenance] },
  ],
  firstRow: 21,
  hasMore: true,
  notShown: 1,
  freshness: FRESH,
  buttons: [
    { title: "Customer", command: "customer customer=Y2lz" },
    { title: "‹ Prev", command: "subscribers customer=Y2lz" },
    { title: "Next ›", command: "subscribers customer=Y2lz page=3" },
    { title: "Refresh", command: "subscribers customer=Y2lz page=2" },
  ],
};

const ORG = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8yY2Y1NzZkLTYwYTgtNDA3YS1iMjJjLTQ2N2M1MTU5MTkw";

export const subpartnersView: SubpartnersView = {
  kind: "subpartners",
  subpartners: [
    { orgId: `${ORG}1`, name: "Northern Voice", state: "suspended", isBound: false },
    { orgId: `${ORG}2`, name: "Acme Reseller", state: "active", isBound: true },
    { orgId: `${ORG}3`, name: "Northern Voice", state: "active", isBound: false },
    { orgId: `${ORG}4`, name: "", state: "brand_new_state", isBound: false },
  ],
  freshness: FRESH,
  buttons: [{ title: "See all", command: "use subpartner=all" }],
};
