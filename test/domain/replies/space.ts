import type { Desk, Shown } from "../../../src/domain/alerting.ts";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import type { Blindness } from "../../../src/domain/alerts/blind.ts";
import type { Customer } from "../../../src/domain/customers/customer.ts";
import type { Announced } from "../../../src/domain/notices/reconcile.ts";
import type { Watch } from "../../../src/domain/notices/watch.ts";
import type { PostedCard } from "../../../src/domain/ports.ts";
import type { Context } from "../../../src/domain/replies/reply.ts";

/** A space in which somebody asks, as plain values. */
export interface Space {
  readonly alerts?: readonly Alert[];
  readonly desk?: Partial<Desk>;
  readonly shown?: readonly Shown[];
  readonly pressed?: PostedCard;
  readonly blind?: Blindness;
  /** What the copy holds, and what Webex says now: the same, unless it is said otherwise. */
  readonly customers?: readonly Customer[];
  readonly webex?: Context["wholesale"]["list"];
}

export const NOW = Date.parse("2026-11-23T15:00:00Z");
export const MINUTE = 60_000;

export function contact(title: string, parts: Partial<Customer> = {}): Customer {
  return {
    id: title,
    externalId: title,
    name: title,
    address: {},
    status: "provisioned_with_errors",
    packages: [{ name: "webex_meetings", status: "error", problems: [] }],
    addOns: [],
    problems: [],
    ...parts,
  };
}

export function alertOf(id: number, subject: Customer, parts: Partial<Alert> = {}): Alert {
  const item = subject.packages[0]?.name ?? "*";
  return {
    id,
    key: { scope: "", customerId: subject.id, item, kind: "error" },
    state: "open",
    generation: 1,
    openedAt: NOW - 5 * MINUTE,
    badSince: NOW - 5 * MINUTE,
    status: "error",
    attempt: 1,
    failures: 0,
    retrying: false,
    suspended: false,
    reopenedAt: [],
    absent: 0,
    baseline: false,
    subject,
    ...parts,
  };
}

export function told(alertId: number, parts: Partial<Announced> = {}): Announced {
  return {
    roomId: "r1",
    alertId,
    state: "open",
    generation: 1,
    failures: 0,
    messageId: "root",
    edits: 0,
    toldAt: NOW - 4 * MINUTE,
    reminded: 0,
    remindAt: NOW + 60 * MINUTE,
    ...parts,
  };
}

export const EVERYTHING: Watch = {
  roomId: "r1",
  number: 1,
  filter: [],
  ownerId: "ana",
  since: 0,
  options: { stuck: false, warnings: false, removed: false },
};

export function card(kind: PostedCard["kind"], parts: Partial<PostedCard> = {}): PostedCard {
  return {
    messageId: "root",
    roomId: "r1",
    kind,
    command: "",
    senderId: "",
    rows: [],
    edits: 0,
    shownAt: 0,
    ...parts,
  };
}

export function inSpace({ alerts = [], customers = [], ...space }: Space): Context {
  const active = alerts.filter(({ state }) => state !== "closed");
  const desk: Desk = {
    roomId: "r1",
    scope: "",
    watches: [],
    mutes: [],
    told: [],
    waiting: [],
    ...space.desk,
  };
  const records = customers.map((customer) => ({ customer, firstSeenAt: 0, changedAt: 0, since: {} }));
  return {
    alerts: {
      find: async (_scope, id) => alerts.find((alert) => alert.id === id),
      active: async () => active,
      ofCustomer: async (_scope, id) => active.filter(({ key }) => key.customerId === id),
      since: async () => alerts,
      fired: async () => 0,
      desk: async () => desk,
      shownOn: async () => space.shown ?? [],
      sight: async () => ({ tookMs: 0, ...(space.blind && { blind: space.blind }) }),
      change: unasked,
      cardsOf: unasked,
      mayEdit: unasked,
    },
    wholesale: {
      list:
        space.webex ??
        (async ({ statuses }) => ({
          customers: customers.filter(({ status }) => statuses.includes(status)),
          hasMore: false,
          unreadable: 0,
          readAt: NOW,
        })),
      get: async (id) => {
        const customer = space.webex === undefined ? customers.find((one) => one.id === id) : undefined;
        return customer && { customer, readAt: NOW };
      },
    },
    snapshot: {
      age: async () => ({ completeAt: NOW - 40_000, customers: 250 }),
      find: async () => ({ records, total: records.length }),
      get: async (_scope, id) => records.filter(({ customer }) => customer.id === id),
      summary: unasked,
      history: async () => [],
      trend: unasked,
      unwell: unasked,
      namesDue: unasked,
      stream: () => {
        throw new Error("not asked here");
      },
    },
    ...(space.pressed && { pressed: space.pressed }),
    roomId: "r1",
    sender: { personId: "ana", name: "Ana" },
    scope: "",
    role: "operator",
    inGroup: true,
    subpartners: unasked,
    draw: unasked,
    lastList: async () => undefined,
    health: unasked,
    clock: () => NOW,
    csv: () => {
      throw new Error("not asked here");
    },
  };
}

async function unasked(): Promise<never> {
  throw new Error("not asked here");
}
