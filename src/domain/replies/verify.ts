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

/** How many differences are named. */
const MOST_NAMED = 10;

/** What this space was told against what Webex says (PRODUCT 2). */
export async function replyVerify(context: ReplyContext): Promise<Reply> {
  const { alerts, scope, roomId, clock } = context;
  const errors = await currentErrors(await alerts.active(scope), context);
  // Once more, after Webex was asked: what came in meanwhile is known, and no difference.
  const active = await alerts.active(scope);
  const roomState = await alerts.roomState(roomId);
  const notified = await notifiedOpenAlerts(roomState, active, context);
  const evidence = { roomState, active, notified, inError: errors.alerts, now: clock() };
  const { differences } = verifyRoom({ ...evidence, isInSnapshot: () => false });
  const isInSnapshot = await isInErrorInSnapshot(
    differences.map(({ alert }) => alert),
    context,
  );
  const verdict = verifyRoom({ ...evidence, isInSnapshot });
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
  return { view: verifyView(verdict, { notes, errors, sweep: await lastSweepText(context) }) };
}

/** The alerts that it was told of and has not been told the end of. */
async function notifiedOpenAlerts(
  desk: RoomAlertState,
  active: readonly Alert[],
  context: ReplyContext,
): Promise<readonly Alert[]> {
  const byId = new Map(active.map((alert) => [alert.id, alert]));
  const found: Alert[] = [];
  for (const { alertId, state } of desk.notified) {
    if (state === "closed") continue;
    const alert = byId.get(alertId) ?? (await context.alerts.find(context.scope, alertId));
    if (alert !== undefined) found.push(alert);
  }
  return found;
}

/** Whether the bot's copy has these in error as well. */
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

/** Its facts are read by programs as well: titles stay, and each figure comes first. */
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

/** What is not explained first. */
function differenceLines(differences: VerifyResult["differences"]): readonly string[] {
  const sorted = [...differences].sort(
    (a, b) => DIFFERENCE_REASONS.indexOf(b.reason) - DIFFERENCE_REASONS.indexOf(a.reason),
  );
  const more = differences.length - MOST_NAMED;
  return [
    ...sorted.slice(0, MOST_NAMED).map(({ alert, reason }) => {
      return `${reason}: ${alertTitle(alert)}${alert.id === 0 ? "" : ` (alert ${alert.id})`}`;
    }),
    ...(more > 0 ? [`And ${formatCount(more, "more difference")}.`] : []),
  ];
}

/** What is in error at this moment, as alerts that would open now; and who says so. */
export interface CurrentErrors {
  readonly alerts: readonly Alert[];
  /** Why it is from the bot's own copy, and not from Webex. */
  readonly snapshotBecause?: string;
  /** How many customers were too many to ask Webex for one by one, and are from the copy. */
  readonly notAsked: number;
}

const PAGE = 100;
const MOST_PAGES = 10;
/** How many customers are asked for one by one, while somebody waits. */
const MOST_ASKED = 20;

/** Asks Webex past every cache; where it does not answer, or there is too much, the copy has to do. */
export async function currentErrors(active: readonly Alert[], context: ReplyContext): Promise<CurrentErrors> {
  const errors = active.filter(({ key, state, retrying }) => {
    return key.kind === "error" && state === "open" && !retrying;
  });
  const known = withoutInhibited(errors);
  try {
    const customers = await customersInError(context);
    if (customers === undefined) {
      const most = PAGE * MOST_PAGES;
      return {
        alerts: known,
        notAsked: 0,
        snapshotBecause: `More than ${most} customers have the same problem status`,
      };
    }
    const unlisted = unlistedOf(known, customers);
    const asked = await lookUpCustomers(unlisted.slice(0, MOST_ASKED), context);
    const bad = [...customers, ...asked].flatMap((customer) => errorAlertsOf(customer, context));
    const others = new Set(unlisted.slice(MOST_ASKED));
    const copied = known.filter(({ key }) => others.has(key.customerId));
    return { alerts: withoutInhibited([...bad, ...copied]), notAsked: others.size };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return { alerts: known, notAsked: 0, snapshotBecause: "The Wholesale API does not answer at the moment" };
  }
}

/**
 * The customers of open alerts that are not listed: one may be in another status than an item of it says, such as
 * `provisioning` with an add-on in error (ALERTS 5).
 */
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

/** Undefined where there are more than can be read while somebody waits. A customer that changes meanwhile counts as it was read last. */
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
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { statuses: [status], ...subpartner, offset: page * PAGE, max: PAGE };
    const { customers, hasMore } = await wholesale.list(query, { fresh: true });
    all.push(...customers);
    if (!hasMore) return all;
  }
  return undefined;
}

/** A watch may go by names, which this API does not tell. */
async function withNamesInBatches(customers: readonly Customer[], context: ReplyContext): Promise<readonly Customer[]> {
  const all: Customer[] = [];
  for (let at = 0; at < customers.length; at += PAGE_SIZE.most) {
    all.push(...(await withKnownNames(customers.slice(at, at + PAGE_SIZE.most), context)));
  }
  return all;
}

/** As alerts, so that watches and mutes can be held against them. */
function errorAlertsOf(customer: Customer, { scope, clock }: ReplyContext): readonly Alert[] {
  const now = clock();
  const moment = { now, reading: { id: 0, kind: "quick-poll" }, reopenMs: 0, nextId: 0 } as const;
  return observationsOf({ customer, since: {} }, { scope, kinds: ["error"], now }).flatMap((sighting) => {
    const alert = applyObservation(undefined, sighting, moment);
    return alert === undefined ? [] : [alert];
  });
}
