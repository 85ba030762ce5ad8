// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a hostile name holds a placeholder of the card language
import type { Alert, AlertKey } from "../../src/domain/alerts/alert.ts";
import { alertButtons, groupButtons } from "../../src/domain/alerts/alert-buttons.ts";
import type { Customer } from "../../src/domain/customers/customer.ts";
import { itemKey } from "../../src/domain/customers/record.ts";
import { markTime } from "../../src/domain/views/time-mark.ts";
import type { AlertsView, AlertView, StormView, View } from "../../src/domain/views/views.ts";
import { alertOf } from "../support/alert-fixtures.ts";
import { MINUTE } from "../support/time.ts";
import { addOn, customer, customerView, emailTaken, maintenance, packageOf, READ_AT } from "./card-fixtures.ts";

/** Alerts of these tests, and every view of them that has a golden card. */

export const OBSERVED_AT = READ_AT - 2 * MINUTE;

const address = {
  level: "error",
  code: 200_016,
  text: "Address validation failed: postal code does not match the state or region.",
} as const;

const contoso = customer({
  name: "Contoso Health",
  externalId: "CNT_0007",
  address: { city: "München", country: "DE" },
  status: "provisioned_with_errors",
  packages: [packageOf("webex_meetings", "error", address)],
});

const contosoCalling = { ...contoso, packages: [packageOf("webex_calling", "error", maintenance)] };

const ack = { personId: "ana", name: "Ana", at: READ_AT - MINUTE, note: "on it" };

/** The alert of a customer's only item. */
export function alert(parts: Partial<Alert> = {}, key: Partial<AlertKey> = {}): Alert {
  const subject = parts.subject ?? contoso;
  const [item] = [...subject.packages, ...subject.addOns.map((one) => ({ ...one, isAddOn: true }))];
  const about = {
    scope: "",
    customerId: subject.id,
    item: item === undefined ? "*" : itemKey(item),
    kind: "error",
  } as const;
  return alertOf({
    id: 1042,
    key: { ...about, ...key },
    openedAt: OBSERVED_AT,
    badSince: OBSERVED_AT,
    previousStatus: "provisioned",
    status: item?.status ?? subject.status,
    subject,
    ...parts,
  });
}

export const RECOVERED = {
  state: "closed",
  reason: "recovered",
  status: "provisioned",
  openedAt: OBSERVED_AT - 42 * MINUTE,
  closedAt: OBSERVED_AT,
} as const;
const { status: _status, ...absent } = RECOVERED;
const removed = { ...absent, reason: "package removed" } as const;
const { status: _gone, ...withoutStatus } = alert();

export function alertView(one: Alert = alert(), parts: Partial<AlertView> = {}): AlertView {
  const buttons = alertButtons(one, undefined);
  return { kind: "alert", update: "opened", alert: one, marks: {}, facts: [], now: READ_AT, buttons, ...parts };
}

export function alertsView({ groups = [], ...parts }: Partial<AlertsView> = {}): AlertsView {
  const view = { kind: "alerts", tone: "bad", title: "4 new errors", lines: [], marks: {}, more: 0 } as const;
  const alerts = groups.flatMap((group) => group.alerts);
  const buttons = groupButtons(alerts, { commonCode: parts.commonCode, now: READ_AT });
  return { ...view, groups, now: READ_AT, buttons, ...parts };
}

/** A customer with Calling in error. */
export function failingCustomer(name: string, parts: Partial<Customer> = {}): Customer {
  return customer({ name, packages: [packageOf("webex_calling", "error", maintenance)], ...parts });
}

const many = (length: number, parts: Partial<Alert> = {}) =>
  Array.from({ length }, (_, i) =>
    alert({ ...parts, id: 2_001 + i, subject: failingCustomer(`Customer ${i + 1} of a Long Name`) }),
  );

/** Long alerts, more than fit. */
const crowd = (length: number) =>
  Array.from({ length }, (_, i) =>
    alert({
      id: 3_001 + i,
      openedAt: OBSERVED_AT - (i + 1) * 26 * 60 * MINUTE,
      retrying: i % 3 === 1,
      attempt: 2,
      ack: { ...ack, name: "Анастасия Константиновна Преображенская" },
      subject: failingCustomer(`${i + 1}-я Телекоммуникационная компания Санкт-Петербурга`, {
        packages: [],
        addOns: [addOn("error", maintenance, emailTaken, address)],
      }),
    }),
  );

const byCode: AlertsView = alertsView({
  commonCode: 2560,
  groups: [
    {
      title: "Code 2560: 3 packages of 3 customers",
      alerts: [
        alert({ subject: failingCustomer("Acme") }),
        alert({ id: 1043, subject: failingCustomer("Contoso Health"), openedAt: OBSERVED_AT + 5_000, ack }),
        alert({
          id: 1044,
          subject: failingCustomer("Fabrikam Logistics International GmbH"),
          retrying: true,
          attempt: 2,
        }),
      ],
    },
    {
      title: "Code 10022: 1 package",
      alerts: [
        alert({
          id: 1045,
          openedAt: OBSERVED_AT - 26 * 60 * MINUTE,
          subject: customer({
            name: "Fourth Coffee",
            packages: [],
            addOns: [addOn("error", emailTaken, address)],
          }),
        }),
      ],
    },
  ],
});

const catchUp: AlertsView = alertsView({
  tone: "warning",
  title: "Noticed late: the bot was away for 7 h",
  lines: ["Meanwhile 1 package went into error, and 2 recovered or were removed."],
  groups: [
    { title: "In error", alerts: [alert({ lateMs: 7 * 60 * MINUTE })] },
    {
      title: "Recovered",
      alerts: [alert({ ...RECOVERED, id: 988, subject: failingCustomer("Wide World Importers"), ack })],
    },
    {
      title: "Removed",
      alerts: [alert({ ...removed, id: 990, subject: failingCustomer("Acme") })],
    },
  ],
  buttons: [{ title: "Show all", command: "alerts", main: true }],
});

export const stormView: StormView = {
  kind: "storm",
  state: "active",
  marks: {},
  since: OBSERVED_AT,
  what: "in error",
  notified: 25,
  open: 20,
  acked: 3,
  recovered: 4,
  removed: 1,
  flapping: 0,
  before: 0,
  customers: 25,
  byPackage: [
    { item: "webex_calling", count: 14 },
    { item: "webex_meetings", count: 5 },
    { item: "addon:meetings_toll_dialin", count: 1 },
  ],
  byCode: [
    { code: 2560, count: 17, customers: 16 },
    { code: 10022, count: 3, customers: 3 },
  ],
  worst: [
    {
      title: "Contoso Health",
      packages: ["webex_calling", "webex_meetings", "addon:meetings_toll_dialin"],
      codes: [2560, 10022],
    },
    { title: "Fabrikam Logistics International GmbH", packages: ["webex_calling", "webex_meetings"], codes: [2560] },
    { title: "Wide World Importers", packages: ["webex_voice", "webex_suite"], codes: [] },
  ],
  commonCode: 2560,
  now: READ_AT,
  buttons: groupButtons(
    Array.from({ length: 20 }, (_, at) => alert({ id: 1042 + at, ...(at < 3 && { ack }) })),
    { commonCode: 2560, now: READ_AT },
  ),
};

const { commonCode: _commonCode, ...mixedStorm } = stormView;
const ended = { state: "over", endedAt: OBSERVED_AT + 70 * MINUTE, now: OBSERVED_AT + 80 * MINUTE } as const;
const endedStorm = { ...stormView, ...ended };
const again = { reopenedAt: [OBSERVED_AT - 9 * MINUTE, OBSERVED_AT], openedAt: OBSERVED_AT - 58 * MINUTE };
const moving = customer({ name: "Tailspin Toys", packages: [packageOf("webex_voice", "provisioning")] });
const warned = customer({
  name: "Tailspin Toys",
  packages: [packageOf("webex_suite", "provisioned", maintenance)],
});
const whole = customer({ name: "Wide World Importers", status: "error", problems: [emailTaken, address] });
const old = { openedAt: READ_AT - 240 * MINUTE, badSince: READ_AT - 240 * MINUTE };

const webexStatus = `Webex Status: Webex Calling upgrade (maintenance until ${markTime(READ_AT + 60 * MINUTE, "time")})`;
const memory = {
  code: 2560,
  span: 90 * 24 * 60 * MINUTE,
  times: 14,
  hasMore: false,
  recovered: 12,
  retried: 9,
  medianMs: 190 * MINUTE,
};

const hostile = "**Acme** <@all> [click](https://evil.example) `${secret}`\u202e";
/** Markup, a name without end, one from right to left, and what the API will send tomorrow. */
const strange = [
  alert({
    subject: failingCustomer(hostile, { externalId: hostile, address: { city: hostile } }),
    ack: { ...ack, name: hostile, note: hostile },
  }),
  alert({ id: 1043, subject: failingCustomer("Northwind".repeat(22).slice(0, 200)) }),
  alert({
    id: 1044,
    subject: failingCustomer("שירותי ענן בע״מ", { address: { city: "חיפה", country: "IL" } }),
  }),
  alert({
    id: 1045,
    previousStatus: "brand_new_status",
    status: "brand_new_thing",
    retrying: true,
    attempt: 2,
    subject: failingCustomer("Margie’s Travel", { packages: [packageOf("hologram_suite", "error")] }),
  }),
];

export const ALERT_GOLDENS: Readonly<Record<string, View>> = {
  "alert-opened": alertView(),
  "alert-known-code": alertView(alert({ subject: contosoCalling }), { memory }),
  "alert-status": alertView(alert({ subject: contosoCalling }), { memory, webexStatus }),
  "alert-two-codes": alertView(alert({ subject: failingCustomer("Acme", { problems: [address] }) }), {
    memory: { code: 2560, span: 90 * 24 * 60 * MINUTE, times: 1, hasMore: false, recovered: 0, retried: 0 },
  }),
  "alert-whole": alertView(alert({ subject: whole })),
  "alert-unexplained": alertView(
    alert({ subject: customer({ packages: [packageOf("hologram_suite", "error")] }), baseline: true }),
  ),
  "alert-retrying": alertView(alert({ retrying: true, attempt: 2, status: "provisioning" }), {
    update: "current",
  }),
  "alert-retry-failed": alertView(alert({ attempt: 2, failures: 1 }), { update: "retry failed" }),
  "alert-reopened": alertView(alert(again), { update: "re-opened" }),
  "alert-failed-again": alertView(alert({ ...RECOVERED, seenNow: { class: "bad", status: "error" } }), {
    update: "recovered",
  }),
  "alert-healing": alertView(alert({ state: "healing", status: "provisioned" }), { update: "current" }),
  "alert-recovered-known-code": alertView(alert({ ...RECOVERED, subject: contosoCalling }), { update: "recovered" }),
  "alert-recovered": alertView(alert({ ...RECOVERED, attempt: 2, failures: 0 }), { update: "recovered" }),
  "alert-removed": alertView({ ...withoutStatus, ...removed }, { update: "removed" }),
  "alert-flapping": alertView(
    alert({ ...again, flapping: { since: OBSERVED_AT, changedAt: OBSERVED_AT, unchangedObservations: 0 } }),
    { update: "flapping" },
  ),
  "alert-flapping-end": alertView(alert(again), { update: "flapping-end" }),
  "alert-reminder": alertView(alert(old), { update: "reminder" }),
  "alert-escalated": alertView(alert({ badSince: READ_AT - 30 * MINUTE }), { update: "escalated" }),
  "alert-acked": alertView(alert({ ack }), { update: "current" }),
  "alert-muted": alertView(alert(), {
    update: "current",
    muted: { until: READ_AT + 24 * 60 * MINUTE, by: "Ben" },
    buttons: alertButtons(alert(), { number: 3 }),
  }),
  "alert-acked-muted": alertView(alert({ ack }), {
    update: "current",
    muted: { until: READ_AT + 24 * 60 * MINUTE, by: "Ben" },
    buttons: alertButtons(alert({ ack }), { number: 3 }),
  }),
  "alert-repeat": alertView(alert(), { marks: { possiblyRepeated: true } }),
  "alert-late": alertView(alert({ lateMs: 12 * MINUTE })),
  "alert-was-muted": alertView(alert(old), { marks: { wasMuted: true } }),
  "alert-drill": alertView(alert({ drill: "room" }), {
    marks: { possiblyRepeated: true },
    facts: [
      { title: "Seen", value: "after 0.1 s" },
      { title: "Decided", value: "after 0.2 s" },
      { title: "Sent", value: "after 1.4 s" },
    ],
  }),
  "alert-stuck": alertView(
    alert({ subject: moving, movingSince: READ_AT - 130 * MINUTE, openedAt: READ_AT - 10 * MINUTE }, { kind: "stuck" }),
  ),
  "alert-warnings": alertView(alert({ subject: warned }, { kind: "warnings" })),
  "alert-hostile": alertView(strange[0]),
  "alert-long": alertView(strange[1]),
  "alert-right-to-left": alertView(strange[2]),
  "alert-unknown": alertView(strange[3]),
  alerts: byCode,
  "alerts-strange": alertsView({ groups: [{ title: "Opened", alerts: strange }] }),
  "alerts-catch-up": catchUp,
  "alerts-ten": alertsView({ title: "10 new errors", groups: [{ title: "Code 2560", alerts: many(10) }] }),
  "alerts-thirty": alertsView({
    tone: "info",
    title: "42 open alerts",
    lines: ["package=calling"],
    groups: [{ title: "Opened", alerts: many(30, { ack }) }],
    more: 12,
  }),
  "alerts-short-rows": alertsView({ title: "30 new errors", groups: [{ title: "Code 2560", alerts: crowd(30) }] }),
  "alerts-none": alertsView({ tone: "good", title: "No open alerts", buttons: [] }),
  "alerts-drill": alertsView({
    title: "2 new errors",
    marks: { possiblyRepeated: true, wasMuted: true },
    groups: [
      {
        title: "Code 200016",
        alerts: [alert({ drill: "room" }), alert({ id: 1043, subject: failingCustomer("Acme") })],
      },
    ],
  }),
  "storm-status": { ...stormView, webexStatus },
  storm: stormView,
  "storm-mixed": {
    ...mixedStorm,
    open: 25,
    acked: 0,
    recovered: 0,
    removed: 0,
    before: 17,
    marks: { possiblyRepeated: true, wasMuted: true },
  },
  "storm-over": {
    ...endedStorm,
    open: 0,
    acked: 0,
    recovered: 13,
    removed: 12,
    byPackage: [],
    byCode: [],
    worst: [],
    buttons: [{ title: "Show errors", command: "errors", main: true }],
  },
  "storm-over-open": {
    ...endedStorm,
    open: 2,
    acked: 1,
    recovered: 22,
    byPackage: [{ item: "webex_calling", count: 2 }],
    byCode: [{ code: 2560, count: 2, customers: 1 }],
    worst: stormView.worst.slice(0, 1),
  },
  "customer-alerts": customerView(contoso, { alerts: [alert({ ack }), alert({ id: 1043, subject: whole })] }),
};
