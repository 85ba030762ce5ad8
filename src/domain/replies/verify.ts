import {
  DIFFERENCE_REASONS,
  type Difference,
  type DifferenceReason,
  REASON_NAMES,
  type VerifyInput,
  type VerifyResult,
  verifyRoom,
} from "../alerts/verify.ts";
import { immediateOutage, type Outage } from "../alerts/visibility.ts";
import { describeNoAnswer, isExternalFailure } from "../external-failure.ts";
import type { VerifyState } from "../ports/alerting.ts";
import { alertTitle, formatCount, formatDuration, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import {
  type ApiReading,
  classInApi,
  deletedMessages,
  errorAlerts,
  inErrorInSnapshot,
  lookUp,
  readApi,
} from "./verify-sources.ts";

const MAX_NAMED = 10;

/** Compares what this space was told with what the API says now (PRODUCT 2). Law h: it never claims more than it compared. */
export async function replyVerify(context: ReplyContext): Promise<Reply> {
  const { alerts, snapshot, scope, clock } = context;
  const outage = immediateOutage(await alerts.visibility(scope), clock());
  if (outage !== undefined) return cannotVerify(describeOutage(outage, clock()));
  const { completeAt, customers } = await snapshot.age(scope);
  if (completeAt === undefined) return cannotVerify("the first reading of all customers is not complete yet");
  const before = await alerts.verifyState(context.roomId);
  if (before.roomState.watches.length === 0 && before.notified.length === 0)
    return textReply("This space has no watch, so it gets no alerts", ["“watch” sets one up."]);
  try {
    const compared = await compare(before, context);
    const reading = `The last complete reading of all ${formatCount(customers, "customer")} was ${formatDuration(clock() - completeAt)} ago.`;
    return { view: verifyView(compared, reading) };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    const { why, hint } = describeNoAnswer(error);
    return cannotVerify(`the Wholesale API ${why}`, hint);
  }
}

function describeOutage({ list, since }: Outage, now: number): string {
  if (list === undefined) return `the Wholesale API has not been readable since ${formatTime(since, now)}`;
  return `the list of the Wholesale API has ${list.present} of ${formatCount(list.known, "customer")}`;
}

const VERIFY_AGAIN: Button = { title: "Verify again", command: "verify", main: true };

function cannotVerify(because: string, hint = "Try again later."): Reply {
  const lines = [`So it is not known if this space was told of everything. ${hint}`];
  return textReply(`Cannot verify: ${because}`, lines, [VERIFY_AGAIN, { title: "Status", command: "status" }]);
}

interface Compared extends VerifyResult {
  readonly unchecked: readonly string[];
}

/**
 * A difference is looked up once more, in the API and in the space, because either may have changed while the other was read; only
 * one that is still there counts.
 */
async function compare(before: VerifyState, context: ReplyContext): Promise<Compared> {
  const known = [...before.notified, ...before.active].map(({ key }) => key.customerId);
  const reading = await readApi(known, context);
  const first = verifyRoom(await inputOf(before, reading, context));
  await lookUp(reading, [...new Set(first.differences.map(({ alert }) => alert.key.customerId))], context);
  const state = await context.alerts.verifyState(context.roomId);
  const input = await inputOf(state, reading, context);
  const notified = new Set(state.notified.map(({ id }) => id));
  const told = state.roomState.notified.filter(({ alertId }) => notified.has(alertId));
  const messageIds = told.map(({ messageId }) => messageId);
  const deleted = await deletedMessages(messageIds, context, reading.unchecked);
  const result = verifyRoom({ ...input, isDeleted: (messageId) => deleted.has(messageId) });
  return { ...result, unchecked: reading.unchecked };
}

async function inputOf(state: VerifyState, reading: ApiReading, context: ReplyContext): Promise<VerifyInput> {
  const input = {
    ...state,
    inError: await errorAlerts(reading, context),
    classInApi: classInApi(reading),
    isInSnapshot: () => false,
    isDeleted: () => false,
    now: context.clock(),
  };
  const { differences } = verifyRoom(input);
  const differing = differences.map(({ alert }) => alert);
  return { ...input, isInSnapshot: await inErrorInSnapshot(differing, context) };
}

/** Only what differs has a row. Programs read the rows as well, so their titles and numbers are stable. */
function verifyView(compared: Compared, reading: string): NoticeView {
  const { inError, told, differences, unchecked } = compared;
  const counts = REASON_NAMES.map((reason) => ({ reason, count: countOf(differences, [reason]) }));
  const headline = headlineOf(compared);
  return {
    kind: "notice",
    tone: headline.isWarning ? "warning" : "info",
    title: headline.title,
    lines: [...headline.advice, ...unchecked, ...differenceLines(differences), reading],
    facts: [
      ...(inError === told
        ? []
        : [
            { title: "In error in Webex", value: String(inError) },
            { title: "Told here", value: String(told) },
          ]),
      ...counts
        .filter(({ count }) => count > 0)
        .map(({ reason, count }) => ({ title: reason, value: `${count}: ${DIFFERENCE_REASONS[reason].means}` })),
    ],
    buttons: [VERIFY_AGAIN, { title: "Alerts", command: "alerts" }],
  };
}

function countOf(differences: readonly Difference[], reasons: readonly DifferenceReason[]): number {
  return differences.filter(({ reason }) => reasons.includes(reason)).length;
}

interface Headline {
  readonly title: string;
  readonly isWarning?: boolean;
  /** Sentences that say what to do; empty when nothing is to be done. */
  readonly advice: readonly string[];
}

/** The worst that was found, in one sentence. */
function headlineOf(compared: Compared): Headline {
  const { differences, unchecked } = compared;
  const faults = countOf(differences, reasonsThat("isFault"));
  const deleted = countOf(differences, ["Deleted"]);
  const passing = countOf(differences, reasonsThat("isPassing"));
  if (faults > 0) return faultHeadline(differences, faults);
  if (deleted > 0)
    return {
      title: `Not in agreement: the message about ${formatCount(deleted, "open alert")} was deleted from this space`,
      isWarning: true,
      advice: ["What people delete is not sent again. “alerts” shows what is open."],
    };
  if (passing > 0)
    return {
      title: `Not in agreement yet: ${formatCount(passing, "change")} ${passing === 1 ? "is" : "are"} on the way to this space`,
      advice: ["Verify again in a few minutes."],
    };
  if (unchecked.length > 0) return { title: "No difference found, but not everything was compared", advice: [] };
  return { title: `In agreement: ${agreement(compared)}`, advice: [] };
}

const reasonsThat = (quality: "isFault" | "isPassing"): readonly DifferenceReason[] =>
  REASON_NAMES.filter((reason) => quality in DIFFERENCE_REASONS[reason]);

function faultHeadline(differences: readonly Difference[], faults: number): Headline {
  const isUndelivered = countOf(differences, ["Not delivered"]) > 0;
  const isUnexplained = countOf(differences, ["Unexplained"]) > 0;
  return {
    title: `Not in agreement: ${formatCount(faults, "alert")} of this space ${faults === 1 ? "differs" : "differ"} from Webex`,
    isWarning: true,
    advice: [
      ...(isUndelivered
        ? ["Webex did not take a message: an operator sees why with “outbox”, and can send it again there."]
        : []),
      ...(isUnexplained
        ? ["The next complete reading should put it right. If it does not, tell the people who run this bot."]
        : []),
    ],
  };
}

/** `3 errors, all told here`, `nothing that this space watches is in error`, `2 errors, 1 told here, 1 muted` */
function agreement({ inError, told, differences }: VerifyResult): string {
  const flapping = countOf(differences, ["Flapping"]);
  const suffix = flapping === 0 ? "" : `, ${flapping} flapping`;
  if (inError === 0) return `nothing that this space watches is in error${suffix}`;
  const muted = countOf(differences, ["Muted"]);
  const whole = muted === 0 ? "all told here" : `${told} told here, ${muted} muted`;
  return `${formatCount(inError, "error")}, ${whole}${suffix}`;
}

/** The worst first. */
function differenceLines(differences: readonly Difference[]): readonly string[] {
  const sorted = [...differences].sort((a, b) => REASON_NAMES.indexOf(a.reason) - REASON_NAMES.indexOf(b.reason));
  const more = differences.length - MAX_NAMED;
  return [
    ...sorted.slice(0, MAX_NAMED).map(({ alert, reason }) => {
      return `${reason}: ${alertTitle(alert)}${alert.id === 0 ? "" : ` (alert ${alert.id})`}`;
    }),
    ...(more > 0 ? [`And ${formatCount(more, "more difference")}.`] : []),
  ];
}
