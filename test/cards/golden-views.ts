import type { Customer } from "../../src/domain/customers/customer.ts";
import { joinRepeated } from "../../src/domain/customers/transition.ts";
import { replyHelp } from "../../src/domain/replies/help.ts";
import type { View } from "../../src/domain/views/views.ts";
import { AUDIT_BOUND, auditView } from "./audit-fixtures.ts";
import {
  ALL_CUSTOMERS,
  BOUND,
  crowd,
  customer,
  customersView,
  customerView,
  FIRST_PAGE_BUTTONS,
  FIRST_SWEEP,
  findView,
  helpView,
  historyView,
  LIST_BUTTONS,
  noticeView,
  seedCustomer,
  subpartnersView,
  subscribersView,
  summaryView,
  TRANSITIONS,
  transitionOf,
  wellKnown,
} from "./card-fixtures.ts";

const LICENSE = "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvZmFlZjBmNzAtYjQzOS00N2I4LTgwZDQtOTZiNDhi";
const { observedSince: _watchedSince, ...unwatched } = historyView;

/** Every view that has a golden card, by the name of its file. */
export const GOLDEN_VIEWS: Readonly<Record<string, View>> = {
  customers: customersView({ customers: ALL_CUSTOMERS, hasMore: true, unreadable: 1, buttons: LIST_BUTTONS }),
  "customers-all": customersView({
    filter: "",
    page: 1,
    firstRow: 1,
    customers: ALL_CUSTOMERS.slice(0, 3),
    hasMore: true,
    buttons: FIRST_PAGE_BUTTONS,
  }),
  "customers-bound": customersView({
    customers: ALL_CUSTOMERS.slice(0, 3),
    total: 97,
    buttons: LIST_BUTTONS,
    ...BOUND,
  }),
  "customers-in-error": customersView({
    customers: ALL_CUSTOMERS.filter(({ packages, addOns, status }) =>
      [status, ...packages.map((one) => one.status), ...addOns.map((one) => one.status)].includes("error"),
    ),
    firstRow: 1,
    page: 1,
    buttons: LIST_BUTTONS,
  }),
  "customers-early": customersView({
    firstRow: 1,
    customers: ALL_CUSTOMERS.slice(0, 3),
    total: 3,
    freshness: FIRST_SWEEP,
  }),
  "customers-empty": customersView({ firstRow: 1, page: 1, buttons: LIST_BUTTONS }),
  "customers-fifty": customersView({ customers: fifty(ALL_CUSTOMERS), firstRow: 1, buttons: LIST_BUTTONS }),
  audit: auditView,
  "audit-bound": { ...auditView, ...AUDIT_BOUND },
  "audit-empty": { ...auditView, filter: "who=eve", rows: [], page: 1, pages: 1, total: 0, buttons: [] },
  customer: wellKnown,
  "customer-bound": { ...customerView(customer({ name: "Acme" })), ...BOUND },
  "customer-seed": customerView(seedCustomer()),
  "customer-licensed": customerView(seedCustomer(), {
    licenses: seedCustomer().packages.map(({ name }) => ({ package: name, ids: [`${LICENSE}${name}`] })),
  }),
  "customer-bare": customerView({ ...customer(), address: {} }),
  find: findView,
  help: replyHelp({ name: "help" }, { role: "viewer" }).view,
  "help-topic": helpView,
  "help-groups": replyHelp({ name: "help", topic: "groups" }, { role: "admin" }).view,
  "help-asking": replyHelp({ name: "help", topic: "asking" }, { role: "admin" }).view,
  "help-watching": replyHelp({ name: "help", topic: "watching" }, { role: "admin" }).view,
  "help-acting": replyHelp({ name: "help", topic: "acting" }, { role: "admin" }).view,
  "help-running": replyHelp({ name: "help", topic: "running" }, { role: "admin" }).view,
  history: historyView,
  "history-one": {
    ...historyView,
    title: "Wide World Importers",
    transitions: TRANSITIONS.slice(0, 2),
    hasMore: false,
  },
  "history-flapping": {
    ...historyView,
    transitions: joinRepeated([
      ...["error", "provisioned", "error", "provisioned", "error"].map((to, at) =>
        transitionOf({
          at: Date.UTC(2026, 10, 23, 14, 2 - 47 * at),
          from: to === "error" ? "provisioned" : "error",
          to,
          codes: to === "error" ? [2560] : [],
        }),
      ),
      ...TRANSITIONS.slice(1),
    ]),
    hasMore: false,
  },
  "history-empty": { ...historyView, title: "Wide World Importers", transitions: [], hasMore: false },
  "history-early": { ...unwatched, transitions: [], hasMore: false },
  "notice-info": { ...noticeView, tone: "info", title: "Nothing to tell", facts: [] },
  "notice-warning": { ...noticeView, tone: "warning", title: "That is not a status" },
  "notice-failure": noticeView,
  subscribers: subscribersView,
  "subscribers-found": {
    ...subscribersView,
    title: "Subscribers with ada.novak@contoso.example",
    subscribers: subscribersView.subscribers.slice(0, 1).map((one) => ({ ...one, customer: "Contoso Health" })),
    firstRow: 1,
    hasMore: false,
    notShown: 0,
    buttons: subscribersView.buttons.slice(0, 1),
  },
  subpartners: subpartnersView,
  "subpartners-none": { ...subpartnersView, subpartners: [], buttons: [] },
  summary: summaryView,
  "summary-crowd": { ...summaryView, ...BOUND, filter: "package=webex_calling", summary: crowd },
  "summary-early": {
    ...summaryView,
    freshness: FIRST_SWEEP,
    summary: { total: 0, byStatus: [], byPackage: [], byCode: [] },
  },
};

function fifty(some: readonly Customer[]): readonly Customer[] {
  return Array.from({ length: 50 }, (_, i) => some[i % some.length] ?? customer());
}
