import { withoutInhibited } from "../alerts/alert.ts";
import { byState, describeTracked } from "../alerts/alert-views.ts";
import { describeEscalationRefusal } from "../alerts/escalation-refusal.ts";
import { recipientNamed } from "../alerts/notice.ts";
import { isWatched, WATCH_SWITCHES, type Watch } from "../alerts/watch.ts";
import { describeFilter, format, formatFilter } from "../commands/format.ts";
import type { UnwatchCommand, WatchCommand } from "../commands/watch.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { AlertsView, Button, NoticeView } from "../views/views.ts";
import { currentEvents, statusLine, type WebexStatus } from "../webex-status.ts";
import { noSourceReply, snapshotFilter, subpartnerLines } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { keptSearchNotes } from "./search-note.ts";

const WEEK_MS = 7 * 86_400_000;

/** `watch [filter]` shows a preview, which its button confirms (PRODUCT 2). */
export async function replyWatch(command: WatchCommand, context: ReplyContext): Promise<Reply> {
  const source = snapshotFilter(command.filter, context.scope);
  if (source.from !== "snapshot") return noSourceReply(source, context);
  return (
    (await escalationRefused(command, context)) ??
    (command.confirmed ? saveWatch(command, context) : preview(command, context))
  );
}

/** The recipient of escalations must be allowed to see customers; that is asked again whenever one is sent (PRODUCT 5). */
async function escalationRefused(
  { options: { escalate } }: WatchCommand,
  { refusal, scope }: ReplyContext,
): Promise<Reply | undefined> {
  if (escalate === undefined) return undefined;
  const refused = await refusal(recipientNamed(escalate), { scopes: [scope] });
  if (refused === undefined) return undefined;
  const { because } = refused;
  const reply = textReply(`Alerts cannot be escalated to ${escalate}`, [
    describeEscalationRefusal(because),
    NOTHING_SAVED,
  ]);
  return { ...reply, refused: because };
}

const NOTHING_SAVED = "Nothing was changed.";

/** How many alerts match now, and how many would have in the last week, so that a wrong filter is noticed at once. */
async function preview(command: WatchCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope, clock } = context;
  const now = clock();
  const { filter, options } = command;
  const watch = { filter, options, roomId: "", number: 0, ownerId: "", since: now };
  const matching = withoutInhibited(await alerts.active(scope)).filter((alert) => isWatched(watch, alert, now));
  const { open } = byState(matching);
  const entries = await alerts.countErrorEntries(scope, { filter, since: now - WEEK_MS, now });
  const confirmed = format({ ...command, confirmed: true });
  const view: AlertsView = {
    kind: "alerts",
    tone: "info",
    marks: {},
    now,
    title: "Watch this in this space?",
    lines: [
      `${describeWatch(command)}. This space would be alerted when a package goes into error and when it recovers.`,
      ...(await keptSearchNotes(filter, context)),
      ...(await subpartnerLines(context)),
      `Match now: ${describeTracked(byState(matching))}`,
      `In the last 7 days it would have sent ${formatCount(entries, "alert")}.`,
      ...webexStatusLines(context.webexStatus(), now),
    ],
    groups: open.length === 0 ? [] : [{ title: "In error now", alerts: open.slice(0, MAX_EXAMPLES) }],
    more: Math.max(0, open.length - MAX_EXAMPLES),
    buttons: [{ title: "Watch", command: confirmed, main: true }],
  };
  return { view, offer: confirmed };
}

/** The line of Webex Status, which may explain the errors of now. */
function webexStatusLines(status: WebexStatus | undefined, now: number): readonly string[] {
  const line = statusLine(currentEvents(status, now), now);
  return line === undefined ? [] : [line];
}

const MAX_EXAMPLES = 3;

async function saveWatch(command: WatchCommand, { alerts, roomId, roomTitle, sender }: ReplyContext): Promise<Reply> {
  const { filter, options } = command;
  const { watches } = await alerts.roomState(roomId);
  const same = watches.find((watch) => formatFilter(watch.filter) === formatFilter(filter));
  if (same !== undefined && describeWatch(same) === describeWatch(command)) return alreadyWatched(same);
  const number = same?.number ?? nextNumber(watches);
  const reply = textReply(
    `${same === undefined ? "Watching" : "Changed"}: watch ${number}`,
    [`${describeWatch(command)}.`, "A summary of what is already in error follows."],
    [WATCHES_BUTTON, unnamedStopButton(number)],
  );
  const change = { kind: "watch", filter, options, ownerId: sender.personId, space: roomTitle } as const;
  return { ...reply, changes: [{ kind: "alerting", change }] };
}

/** A second confirmation changes nothing, so the space gets no second baseline. */
function alreadyWatched(watch: Watch): Reply {
  const { number } = watch;
  return textReply(
    `Already watched: watch ${number}`,
    [`${describeWatch(watch)}.`],
    [WATCHES_BUTTON, unnamedStopButton(number)],
  );
}

/** The watches of this space, each with a button that ends it. */
export async function replyWatches({ alerts, roomId, clock }: ReplyContext): Promise<Reply> {
  const { watches, suspendedAt } = await alerts.roomState(roomId);
  if (watches.length === 0) {
    return textReply(
      "This space has no watches",
      ["Send “watch” to get an alert here when a package goes into error and when it recovers."],
      [WATCH_ALL_BUTTON],
    );
  }
  const suspended =
    suspendedAt === undefined
      ? []
      : [`Paused since ${formatTime(suspendedAt, clock())}, because the space could not be reached.`];
  const view: NoticeView = {
    kind: "notice",
    tone: "info",
    title: `Watches of this space: ${watches.length}`,
    lines: suspended,
    facts: watches.map((watch) => ({ title: String(watch.number), value: describeWatch(watch) })),
    buttons: watches.slice(0, 5).map(stopButton),
  };
  return { view };
}

export async function replyUnwatch({ number }: UnwatchCommand, context: ReplyContext): Promise<Reply> {
  const { watches } = await context.alerts.roomState(context.roomId);
  const [only] = watches;
  if (watches.length === 0) return replyWatches(context);
  const ended = number === undefined && watches.length === 1 ? only : watches.find((watch) => watch.number === number);
  if (ended === undefined) {
    const title = number === undefined ? "Which watch?" : `There is no watch ${number}`;
    return textReply(title, ["Choose the one to end."], watches.slice(0, 5).map(stopButton));
  }
  const again = format({ name: "watch", filter: ended.filter, options: ended.options, confirmed: true });
  const reply = textReply(
    `Watch ${ended.number} has ended`,
    [`${describeWatch(ended)}. This space gets no new alerts for it.`],
    [{ title: "Watch it again", command: again }],
  );
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "unwatch", number: ended.number } }] };
}

function nextNumber(watches: readonly Watch[]): number {
  return Math.max(0, ...watches.map(({ number }) => number)) + 1;
}

const WATCHES_BUTTON: Button = { title: "Watches", command: "watches" };
const WATCH_ALL_BUTTON: Button = { title: "Watch everything", command: "watch", main: true };

const unnamedStopButton = (number: number): Button => ({
  title: "Stop",
  command: format({ name: "unwatch", number }),
});

const stopButton = ({ number, filter }: Watch): Button => ({
  title: `Stop ${number}: ${describeFilter(filter) || "everything"}`,
  command: format({ name: "unwatch", number }),
});

export function describeWatch({ filter, options }: Pick<Watch, "filter" | "options">): string {
  const also = WATCH_SWITCHES.flatMap(([name, { label }]) => (options[name] ? [label] : []));
  const escalation = options.escalate === undefined ? [] : [`Escalate after 30 min: ${options.escalate}`];
  return [describeFilter(filter) || "Everything", ...also, ...escalation].join(" · ");
}
