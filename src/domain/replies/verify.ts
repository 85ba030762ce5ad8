import { type Alert, withoutInhibited } from "../alerts/alert.ts";
import { applyObservation } from "../alerts/lifecycle.ts";
import { observationOf, observationsOf } from "../alerts/observation.ts";
import { DIFFERENCE_REASONS, type DifferenceReason, type VerifyResult, verifyRoom } from "../alerts/verify.ts";
import { type Customer, PROBLEM_STATUSES } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { isExternalFailure } from "../external-failure.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import { alertTitle, formatCount, formatDuration } from "../views/text.ts";
import type { NoticeView } from "../views/views.ts";
import { staleNotes, withKnownNames } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

const MAX_NAMED = 10;

/** Compares what this space was notified of with what the API returns (PRODUCT 2). */
export async function replyVerify(context: ReplyContext): Promise<Reply> {
  const { alerts, scope, roomId, clock } = context;
  const errors = await currentErrors(await alerts.active(scope), context);
  // Read again after the API, so that alerts that were opened meanwhile are no difference.
  const active = await alerts.active(scope);
  const roomState = await alerts.roomState(roomId);
  const notified = await notifiedOpenAlerts(roomState, active, context);
  const evidence = { roomState, active, notified, inError: errors.alerts, now: clock() };
  const { differences } = verifyRoom({ ...evidence, isInSnapshot: () => false });
  const isInSnapshot = await isInErrorInSnapshot(
    differences.map(({ alert }) => alert),
    context,
  );
  const result = verifyRoom({ ...evidence, isInSnapshot });
  const notes = [
    ...(await staleNotes(context)),
    ...(errors.snapshotBecause === undefined
      ? []
      : [`${errors.snapshotBecause}: compared with the bot’s own copy instead.`]),
    ...(errors.notAsked === 0
      ? []
      : [
          `${formatCount(errors.notAsked, "customer")} compared with the bot’s own copy: too many to ask Webex for one by one.`,
        ]),
    ...(roomState.watches.length === 0 ? ["This space has no watch, so it gets no alerts."] : []),
  ];
  return { view: verifyView(result, { notes, errors, sweep: await lastSweepText(context) }) };
}

/** The alerts that the space was notified of, and that it does not know as closed. */
async function notifiedOpenAlerts(
  { notified }: RoomAlertState,
  active: readonly Alert[],
  context: ReplyContext,
): Promise<readonly Alert[]> {
  const byId = new Map(active.map((alert) => [alert.id, alert]));
  const found: Alert[] = [];
  for (const { alertId, state } of notified) {
    if (state === "closed") continue;
    const alert = byId.get(alertId) ?? (await context.alerts.find(context.scope, alertId));
    if (alert !== undefined) found.push(alert);
  }
  return found;
}

/** Tells of each of these alerts whether its item is in error in the snapshot as well. */
async function isInErrorInSnapshot(
  alerts: readonly Alert[],
  { snapshot, scope }: ReplyContext,
): Promise<(alert: Alert) => boolean> {
  const customers = new Map<string, Customer>();
  for (const customerId of new Set(alerts.map(({ key }) => key.customerId))) {
    const records = await snapshot.get(scope, customerId);
    for (const { customer } of records) customers.set(customer.id, customer);
  }
  return ({ key }) => {
    const customer = customers.get(key.customerId);
    return customer !== undefined && observationOf(key, customer, 0).class === "bad";
  };
}

/** `40 s ago, 250 customers` */
async function lastSweepText({ snapshot, scope, clock }: ReplyContext): Promise<string> {
  const { completeAt, customers } = await snapshot.age(scope);
  if (completeAt === undefined) return "none yet";
  return `${formatDuration(clock() - completeAt)} ago, ${formatCount(customers, "customer")}`;
}

interface VerifyFindings {
  readonly notes: readonly string[];
  readonly errors: CurrentErrors;
  readonly sweep: string;
}

/** Programs read the facts as well, so their titles are stable, and the figure comes first in each value. */
function verifyView(
  { notified, inError, differences }: VerifyResult,
  { notes, errors, sweep }: VerifyFindings,
): NoticeView {
  const count = (reason: DifferenceReason) => differences.filter((one) => one.reason === reason).length;
  const unexplained = count("Unexplained");
  const source = errors.snapshotBecause === undefined ? "the API" : "the bot’s copy";
  const figures = `${notified} told open, ${inError} in error by ${source}`;
  const fault = unexplained === 0 ? "" : `${formatCount(unexplained, "difference")} unexplained, `;
  return {
    kind: "notice",
    tone: unexplained === 0 ? "info" : "warning",
    title: `${unexplained === 0 ? "In" : "Not in"} agreement: ${fault}${figures}`,
    lines: [
      ...notes,
      `Sent to this space and still open: ${notified}. In error by ${source}: ${inError}. Last complete sweep: ${sweep}.`,
      ...differenceLines(differences),
    ],
    facts: [
      { title: "Told open", value: String(notified) },
      {
        title: "In error by the API",
        value: errors.snapshotBecause === undefined ? `${inError}` : `${inError} (the bot’s own copy)`,
      },
      ...DIFFERENCE_REASONS.map((reason) => ({ title: reason, value: String(count(reason)) })),
      { title: "Last complete sweep", value: sweep },
    ],
    buttons: [
      { title: "Verify again", command: "verify", main: true },
      { title: "Alerts", command: "alerts" },
    ],
  };
}

/** Unexplained differences first. */
function differenceLines(differences: VerifyResult["differences"]): readonly string[] {
  const sorted = [...differences].sort(
    (a, b) => DIFFERENCE_REASONS.indexOf(b.reason) - DIFFERENCE_REASONS.indexOf(a.reason),
  );
  const more = differences.length - MAX_NAMED;
  return [
    ...sorted.slice(0, MAX_NAMED).map(({ alert, reason }) => {
      return `${reason}: ${alertTitle(alert)}${alert.id === 0 ? "" : ` (alert ${alert.id})`}`;
    }),
    ...(more > 0 ? [`And ${formatCount(more, "more difference")}.`] : []),
  ];
}

/** The items that are in error at this moment, as alerts that would open now. */
interface CurrentErrors {
  readonly alerts: readonly Alert[];
  /** Why the alerts are from the snapshot and not from the API. */
  readonly snapshotBecause?: string;
  /** How many customers were not looked up, because they are too many, and are from the snapshot. */
  readonly notAsked: number;
}

const PAGE = 100;
const MAX_PAGES = 10;
/** Customers that are looked up one by one, while the sender waits. */
const MAX_LOOKUPS = 20;

/** From the API past every cache; from the snapshot when the API does not answer, or there are too many customers. */
async function currentErrors(active: readonly Alert[], context: ReplyContext): Promise<CurrentErrors> {
  const errors = active.filter(({ key, state, retrying }) => {
    return key.kind === "error" && state === "open" && !retrying;
  });
  const opened = withoutInhibited(errors);
  try {
    const customers = await customersInError(context);
    if (customers === undefined) {
      const snapshotBecause = `More than ${PAGE * MAX_PAGES} customers have the same problem status`;
      return { alerts: opened, notAsked: 0, snapshotBecause };
    }
    const unlisted = unlistedOf(opened, customers);
    const lookedUp = await lookUpCustomers(unlisted.slice(0, MAX_LOOKUPS), context);
    const bad = [...customers, ...lookedUp].flatMap((customer) => errorAlertsOf(customer, context));
    const others = new Set(unlisted.slice(MAX_LOOKUPS));
    const fromSnapshot = opened.filter(({ key }) => others.has(key.customerId));
    return { alerts: withoutInhibited([...bad, ...fromSnapshot]), notAsked: others.size };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return { alerts: opened, notAsked: 0, snapshotBecause: "The Wholesale API does not answer at the moment" };
  }
}

/** The customers of open alerts that are listed under another status, such as `provisioning` with an add-on in error (ALERTS 5). */
function unlistedOf(open: readonly Alert[], listed: readonly Customer[]): readonly string[] {
  const known = new Set(listed.map(({ id }) => id));
  return [...new Set(open.map(({ key }) => key.customerId))].filter((id) => !known.has(id));
}

async function lookUpCustomers(ids: readonly string[], context: ReplyContext): Promise<readonly Customer[]> {
  const found: Customer[] = [];
  for (const id of ids) {
    const read = await context.wholesale.get(id, { fresh: true });
    if (read !== undefined) found.push(read.customer);
  }
  return withNamesInBatches(found, context);
}

/** Undefined when there are too many pages. A customer that changes its status meanwhile counts as it was read last. */
async function customersInError(context: ReplyContext): Promise<readonly Customer[] | undefined> {
  const byId = new Map<string, Customer>();
  for (const status of PROBLEM_STATUSES) {
    const customers = await customersWithStatus(status, context);
    if (customers === undefined) return undefined;
    for (const customer of customers) byId.set(customer.id, customer);
  }
  return withNamesInBatches([...byId.values()], context);
}

async function customersWithStatus(
  status: string,
  { wholesale, scope }: ReplyContext,
): Promise<readonly Customer[] | undefined> {
  const subpartner = scope === WHOLE_TOKEN ? {} : { subpartner: scope };
  const all: Customer[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { statuses: [status], ...subpartner, offset: page * PAGE, max: PAGE };
    const { customers, hasMore } = await wholesale.list(query, { fresh: true });
    all.push(...customers);
    if (!hasMore) return all;
  }
  return undefined;
}

/** A watch may filter by name, which the list API does not return. */
async function withNamesInBatches(customers: readonly Customer[], context: ReplyContext): Promise<readonly Customer[]> {
  const all: Customer[] = [];
  for (let at = 0; at < customers.length; at += PAGE_SIZE.most) {
    all.push(...(await withKnownNames(customers.slice(at, at + PAGE_SIZE.most), context)));
  }
  return all;
}

/** As alerts, so that watches and mutes can be applied to them. */
function errorAlertsOf(customer: Customer, { scope, clock }: ReplyContext): readonly Alert[] {
  const now = clock();
  const context = { now, reading: { id: 0, kind: "quick-poll" }, reopenMs: 0, nextId: 0 } as const;
  return observationsOf({ customer, since: {} }, { scope, kinds: ["error"], now }).flatMap((observation) => {
    const alert = applyObservation(undefined, observation, context);
    return alert === undefined ? [] : [alert];
  });
}
