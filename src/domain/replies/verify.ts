import type { Desk } from "../alerting.ts";
import type { Alert } from "../alerts/alert.ts";
import { sightingOf } from "../alerts/sighting.ts";
import type { Customer } from "../customers/customer.ts";
import { REASONS, type Reason, type Verdict, verdictOf } from "../notices/verdict.ts";
import { aboutOf } from "./alert-title.ts";
import { staleNotes } from "./copy.ts";
import { counted } from "./figures.ts";
import type { Context, Reply } from "./reply.ts";
import { spanOf } from "./span.ts";
import { type InError, inErrorNow } from "./verify-seen.ts";
import type { NoticeView } from "./views.ts";

/** How many differences are named. */
const MOST_NAMED = 10;

/** What this space was told against what Webex says (PRODUCT 2). */
export async function replyVerify(context: Context): Promise<Reply> {
  const { alerts, scope, roomId, clock } = context;
  const seen = await inErrorNow(await alerts.active(scope), context);
  // Once more, after Webex was asked: what came in meanwhile is known, and no difference.
  const active = await alerts.active(scope);
  const desk = await alerts.desk(roomId);
  const told = await toldOf(desk, active, context);
  const evidence = { desk, active, told, inError: seen.alerts, now: clock() };
  const { differences } = verdictOf({ ...evidence, hasSeen: () => false });
  const hasSeen = await seenByCopy(
    differences.map(({ alert }) => alert),
    context,
  );
  const verdict = verdictOf({ ...evidence, hasSeen });
  const notes = [
    ...(await staleNotes(context)),
    ...(seen.copyBecause === undefined ? [] : [`${seen.copyBecause}: I compare with my own copy instead.`]),
    ...(seen.notAsked === 0
      ? []
      : [
          `${counted(seen.notAsked, "customer")} more than I can ask Webex for now: those are from my own copy.`,
        ]),
    ...(desk.watches.length === 0 ? ["This space watches nothing, so it is told of nothing."] : []),
  ];
  return { view: viewOf(verdict, { notes, seen, sweep: await sweepOf(context) }) };
}

/** The alerts that it was told of and has not been told the end of. */
async function toldOf(desk: Desk, active: readonly Alert[], context: Context): Promise<readonly Alert[]> {
  const byId = new Map(active.map((alert) => [alert.id, alert]));
  const found: Alert[] = [];
  for (const { alertId, state } of desk.told) {
    if (state === "closed") continue;
    const alert = byId.get(alertId) ?? (await context.alerts.find(context.scope, alertId));
    if (alert !== undefined) found.push(alert);
  }
  return found;
}

/** Whether the bot's copy has these in error as well. */
async function seenByCopy(
  alerts: readonly Alert[],
  { snapshot, scope }: Context,
): Promise<(alert: Alert) => boolean> {
  const customers = new Map<string, Customer>();
  for (const customerId of new Set(alerts.map(({ key }) => key.customerId))) {
    const records = await snapshot.get(scope, customerId);
    for (const { customer } of records) customers.set(customer.id, customer);
  }
  return ({ key }) => {
    const customer = customers.get(key.customerId);
    return customer !== undefined && sightingOf(key, customer, 0).class === "bad";
  };
}

/** `40 s ago, 250 customers` */
async function sweepOf({ snapshot, scope, clock }: Context): Promise<string> {
  const { completeAt, customers } = await snapshot.age(scope);
  if (completeAt === undefined) return "none yet";
  return `${spanOf(clock() - completeAt)} ago, ${counted(customers, "customer")}`;
}

interface Around {
  readonly notes: readonly string[];
  readonly seen: InError;
  readonly sweep: string;
}

/** Its facts are read by programs as well: titles stay, and each figure comes first. */
function viewOf({ told, inError, differences }: Verdict, { notes, seen, sweep }: Around): NoticeView {
  const count = (reason: Reason) => differences.filter((one) => one.reason === reason).length;
  const unexplained = count("Unexplained");
  const source = seen.copyBecause === undefined ? "the API" : "my copy";
  const figures = `${told} told open, ${inError} in error by ${source}`;
  const fault = unexplained === 0 ? "" : `${counted(unexplained, "difference")} unexplained, `;
  return {
    kind: "notice",
    tone: unexplained === 0 ? "info" : "warning",
    title: `${unexplained === 0 ? "In" : "Not in"} agreement: ${fault}${figures}`,
    lines: [
      ...notes,
      `This space believes ${told} open; ${source} says ${inError}; last complete sweep ${sweep}.`,
      ...linesOf(differences),
    ],
    facts: [
      { title: "Told open", value: String(told) },
      {
        title: "In error by the API",
        value: seen.copyBecause === undefined ? `${inError}` : `${inError} (my own copy)`,
      },
      ...REASONS.map((reason) => ({ title: reason, value: String(count(reason)) })),
      { title: "Last complete sweep", value: sweep },
    ],
    buttons: [
      { title: "Verify again", command: "verify", main: true },
      { title: "Alerts", command: "alerts" },
    ],
  };
}

/** What is not explained first. */
function linesOf(differences: Verdict["differences"]): readonly string[] {
  const sorted = [...differences].sort((a, b) => REASONS.indexOf(b.reason) - REASONS.indexOf(a.reason));
  const more = differences.length - MOST_NAMED;
  return [
    ...sorted.slice(0, MOST_NAMED).map(({ alert, reason }) => {
      return `${reason}: ${aboutOf(alert)}${alert.id === 0 ? "" : ` (alert ${alert.id})`}`;
    }),
    ...(more > 0 ? [`And ${counted(more, "more difference")}.`] : []),
  ];
}
