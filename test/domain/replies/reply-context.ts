import { distance } from "fastest-levenshtein";
import { type Alert, isActive } from "../../../src/domain/alerts/alert.ts";
import { NO_ASIDES } from "../../../src/domain/alerts/asides.ts";
import type { NotifiedState } from "../../../src/domain/alerts/reconcile.ts";
import type { ToldMessage } from "../../../src/domain/alerts/story.ts";
import type { Outage } from "../../../src/domain/alerts/visibility.ts";
import type { AuditedPerson } from "../../../src/domain/audit.ts";
import type { Customer } from "../../../src/domain/customers/customer.ts";
import { matches } from "../../../src/domain/customers/predicate.ts";
import type { Transition } from "../../../src/domain/customers/transition.ts";
import type {
  Follow,
  NotifiedAlert,
  OutboxEntry,
  RoomAlertState,
  SpaceWatches,
  Traces,
} from "../../../src/domain/ports/alerting.ts";
import type { PostedCard } from "../../../src/domain/ports/messaging.ts";
import type { CodeCount } from "../../../src/domain/ports/snapshot.ts";
import type { ReplyContext } from "../../../src/domain/replies/reply.ts";
import type { WebexStatus } from "../../../src/domain/webex-status.ts";
import { notifiedOf as notifiedOpen, alertOf as openAlert, watchOf } from "../../support/alert-fixtures.ts";
import { CODES } from "../../support/codes.ts";
import { bareCustomer } from "../../support/customer.ts";
import { MINUTE } from "../../support/time.ts";

/** A space and what the bot has stored about it. */
export interface ReplySituation {
  readonly alerts?: readonly Alert[];
  readonly roomState?: Partial<RoomAlertState>;
  /** The alerts on the pressed card. */
  readonly shown?: readonly NotifiedAlert[];
  readonly pressed?: PostedCard;
  readonly follows?: readonly Follow[];
  readonly subscribers?: ReplyContext["wholesale"]["subscribers"];
  readonly zone?: string;
  readonly outage?: Outage;
  readonly told?: readonly ToldMessage[];
  /** The alerts of dead messages to this space. */
  readonly givenUp?: readonly number[];
  readonly isPosted?: ReplyContext["isPosted"];
  readonly refusal?: ReplyContext["refusal"];
  readonly spaces?: readonly SpaceWatches[];
  readonly unwatched?: number;
  readonly people?: readonly AuditedPerson[];
  readonly traces?: Traces;
  readonly codeCount?: CodeCount;
  /** Newest first. */
  readonly history?: readonly Transition[];
  readonly webexStatus?: WebexStatus;
  readonly undelivered?: readonly OutboxEntry[];
  /** In the snapshot, and also what the API returns, unless `list` is given. */
  readonly customers?: readonly Customer[];
  readonly list?: ReplyContext["wholesale"]["list"];
  /** What the API returns for one id, unless it is `customers`. */
  readonly byId?: readonly Customer[];
}

const NOTHING_REMEMBERED = { span: 90 * 24 * 60 * MINUTE, times: 0, hasMore: false, recovered: 0, retried: 0 };

export const NOW = Date.parse("2026-11-23T15:00:00Z");

export function customerOf(title: string, parts: Partial<Customer> = {}): Customer {
  const packages = [{ name: "webex_meetings", status: "error", problems: [] }];
  const ids = { id: title, externalId: title, name: title };
  return bareCustomer({ ...ids, status: "provisioned_with_errors", packages, ...parts });
}

export function alertOf(id: number, subject: Customer, parts: Partial<Alert> = {}): Alert {
  const item = subject.packages[0]?.name ?? "*";
  const key = { scope: "", customerId: subject.id, item, kind: "error" } as const;
  const since = { openedAt: NOW - 5 * MINUTE, badSince: NOW - 5 * MINUTE };
  return openAlert({ id, key, ...since, subject, ...parts });
}

export function notifiedOf(alertId: number, parts: Partial<NotifiedState> = {}): NotifiedState {
  const times = { notifiedAt: NOW - 4 * MINUTE, remindAt: NOW + 60 * MINUTE };
  return notifiedOpen({ roomId: "r1", alertId, messageId: "root", ...times, ...parts });
}

export const WATCH_ALL = watchOf({ roomId: "r1", ownerId: "ana" });

export function postedCardOf(kind: PostedCard["kind"], parts: Partial<PostedCard> = {}): PostedCard {
  const message = { messageId: "root", roomId: "r1", senderId: "" };
  return { ...message, kind, command: "", rows: [], edits: 0, shownAt: 0, ...parts };
}

export function replyContext({ alerts = [], customers = [], ...space }: ReplySituation): ReplyContext {
  const active = alerts.filter(isActive);
  const nothing = { watches: [], mutes: [], notified: [], queued: [] };
  const roomState: RoomAlertState = { roomId: "r1", scope: "", ...nothing, ...space.roomState };
  const records = customers.map((customer) => ({ customer, firstSeenAt: 0, changedAt: 0, since: {} }));
  return {
    alerts: {
      find: async (_scope, id) => alerts.find((alert) => alert.id === id),
      active: async () => active,
      countActive: async () => active.length,
      activeOfCustomer: async (_scope, id) => active.filter(({ key }) => key.customerId === id),
      changedSince: async () => alerts,
      countErrorEntries: async () => 0,
      roomState: async () => roomState,
      watchedSpaces: async () => space.spaces ?? [],
      toldMessages: async () => space.told ?? [],
      verifyState: async () => ({
        roomState,
        active,
        notified: alerts.filter(({ id }) => isBelieved(roomState, id)),
        givenUp: space.givenUp ?? [],
      }),
      alertsOnCard: async () =>
        space.shown?.length ? { shown: space.shown, postedAt: NOW - 4 * MINUTE, asides: NO_ASIDES } : undefined,
      follows: async () => space.follows ?? [],
      codeMemory: async ({ code }) => ({ code, ...NOTHING_REMEMBERED }),
      memoryOnCard: async () => undefined,
      visibility: async () => ({ tookMs: 0, ...(space.outage && { outage: space.outage }) }),
      tracesOf: async () => space.traces ?? notExpected(),
      change: notExpected,
      reservePressEdit: notExpected,
      recordPressEdit: notExpected,
    },
    refusal: space.refusal ?? (async () => undefined),
    isPosted: space.isPosted ?? (async () => true),
    outbox: { contents: async () => space.undelivered ?? [] },
    codes: CODES,
    webexStatus: () => space.webexStatus,
    audit: { find: notExpected, stream: notExpected, peopleNamed: async () => space.people ?? [] },
    wholesale: {
      list:
        space.list ??
        (async ({ statuses }) => ({
          customers: customers.filter(({ status }) => statuses.length === 0 || statuses.includes(status)),
          hasMore: false,
          unreadable: 0,
          readAt: NOW,
        })),
      get: async (id) => {
        const customer = (space.byId ?? customers).find((one) => one.id === id);
        return customer && { customer, readAt: NOW };
      },
      subscribers: space.subscribers ?? notExpected,
    },
    snapshot: {
      age: async () => ({ completeAt: NOW - 40_000, customers: 250 }),
      find: async (_scope, { filter, now }) => {
        const found = records.filter((record) => matches(filter, record, now));
        return { records: found, total: found.length };
      },
      get: async (_scope, id) => records.filter(({ customer }) => customer.id === id),
      countUnmatched: async () => space.unwatched ?? 0,
      codeCount: async () => space.codeCount ?? { packages: 0, customers: 0 },
      summary: notExpected,
      history: async (_scope, { max }) => (space.history ?? []).slice(0, max),
      trend: notExpected,
      unhealthy: notExpected,
      namesDue: notExpected,
      stream: notExpected,
    },
    ...(space.pressed && { pressed: space.pressed }),
    roomId: "r1",
    sender: { personId: "ana", name: "Ana" },
    scope: "",
    role: "operator",
    distance,
    isGroupRoom: true,
    subpartners: notExpected,
    draw: notExpected,
    lastList: async () => undefined,
    zone: async () => space.zone,
    health: notExpected,
    clock: () => NOW,
    csv: notExpected,
    auditCsv: notExpected,
  };
}

function notExpected(): never {
  throw new Error("not asked here");
}

function isBelieved({ notified }: RoomAlertState, id: number): boolean {
  return notified.some(({ alertId, state }) => alertId === id && state !== "closed");
}
