import type { RoomAlertState } from "../alerting.ts";
import type { Alert } from "../alerts/alert.ts";
import { observationOf } from "../alerts/sighting.ts";
import type { Customer } from "../customers/customer.ts";
import {
  DIFFERENCE_REASONS,
  type DifferenceReason,
  type VerifyResult,
  verifyRoom,
} from "../notices/verdict.ts";
import { alertTitle } from "./alert-title.ts";
import { staleNotes } from "./copy.ts";
import { formatCount } from "./figures.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { formatDuration } from "./span.ts";
import { type CurrentErrors, currentErrors } from "./verify-seen.ts";
import type { NoticeView } from "./views.ts";

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
      : [`${errors.snapshotBecause}: I compare with my own copy instead.`]),
    ...(errors.notAsked === 0
      ? []
      : [
          `${formatCount(errors.notAsked, "customer")} more than I can ask Webex for now: those are from my own copy.`,
        ]),
    ...(roomState.watches.length === 0 ? ["This space watches nothing, so it is told of nothing."] : []),
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
  const source = errors.snapshotBecause === undefined ? "the API" : "my copy";
  const figures = `${notified} told open, ${inError} in error by ${source}`;
  const fault = unexplained === 0 ? "" : `${formatCount(unexplained, "difference")} unexplained, `;
  return {
    kind: "notice",
    tone: unexplained === 0 ? "info" : "warning",
    title: `${unexplained === 0 ? "In" : "Not in"} agreement: ${fault}${figures}`,
    lines: [
      ...notes,
      `This space believes ${notified} open; ${source} says ${inError}; last complete sweep ${sweep}.`,
      ...differenceLines(differences),
    ],
    facts: [
      { title: "Told open", value: String(notified) },
      {
        title: "In error by the API",
        value: errors.snapshotBecause === undefined ? `${inError}` : `${inError} (my own copy)`,
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
