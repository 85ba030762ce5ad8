import type { Shown } from "../access.ts";
import type { CardEdit, OutgoingMessage } from "../ports/alerting.ts";
import type { AlertUpdate, AlertView, Marks, View } from "../views/views.ts";
import { type Alert, isActive } from "./alert.ts";
import { buildAlertsView, buildAlertView, type MessageContext, type RenderedMessage } from "./alert-views.ts";
import { asidesOf, cameAndWentMark, withRemovals } from "./asides.ts";
import { allNotices } from "./grouping.ts";
import type { Notice } from "./notice.ts";
import type { AlertNoticeKind } from "./reconcile.ts";
import { buildStandaloneMessage } from "./standalone-messages.ts";
import { isLastEdit } from "./storm.ts";
import { buildStormView } from "./storm-views.ts";

/** Renders a message from the present state, so that a late one is not wrong (ALERTS 26). */
export function buildMessage(message: OutgoingMessage, now: number): RenderedMessage {
  const [first] = message.notices;
  if (first === undefined) throw new Error("A message needs at least one notice.");
  const context = { marks: marksOf(message, now), now };
  const threadId = threadOf(message);
  const thread = threadId === undefined ? {} : { threadId };
  switch (message.form) {
    case "single":
      return { view: singleView(first, message, context), ...thread };
    case "group":
      return { view: groupView(message, context), ...thread };
    case "storm":
      return stormMessage(message, context);
    case "standalone":
      return buildStandaloneMessage(first, message, context);
  }
}

/** The content of a message: outage notices, and reports that say so, name no customer (PRODUCT 5). */
export function shownInMessage({ notices, room, alerts }: OutgoingMessage): Shown {
  if (notices.every(namesNoCustomer)) return "no customers";
  const rooms = room === undefined ? [] : [room.scope];
  return { scopes: [...new Set([...rooms, ...alerts.map(({ key }) => key.scope)])] };
}

const namesNoCustomer = ({ kind, details }: Notice): boolean =>
  kind === "outage" || kind === "outage-end" || (kind === "report" && !details.namesCustomers);

/** The content of a card of alerts after its edit. */
export function shownOnCard({ room, shown }: CardEdit): Shown {
  return { scopes: [...new Set([room.scope, ...shown.map(({ alert }) => alert.key.scope)])] };
}

function marksOf(message: OutgoingMessage, now: number): Marks {
  const { notices, asidesOfCard = asidesOf(allNotices(message)) } = message;
  return {
    ...cameAndWentMark(asidesOfCard, now),
    ...(notices.some(({ possiblySent }) => possiblySent) && { possiblyRepeated: true }),
    ...(notices.every(({ details }) => details.wasMuted) && { wasMuted: true }),
  };
}

function singleView({ kind, alertId }: Notice, message: OutgoingMessage, { marks, now }: MessageContext): View {
  const alert = message.alerts.find(({ id }) => id === alertId);
  if (alert === undefined) throw new Error("The alert of the notice is missing from the message.");
  const { room, memory } = message;
  const view = buildAlertView(alert, updateOf(kind, alert), { room, memory, marks, now }, drillFacts(message));
  const before = message.notified.find((state) => state.alertId === alertId);
  return view.update === "codes changed" && before !== undefined ? { ...view, codesBefore: before.codes } : view;
}

/** The text of each row of a grouped message (ALERTS 21). */
function updatesOf({
  notices,
  alerts,
}: Pick<OutgoingMessage, "notices" | "alerts">): Readonly<Record<number, AlertUpdate>> {
  const kinds = new Map(notices.map(({ alertId, kind }) => [alertId, kind]));
  return Object.fromEntries(alerts.map((alert) => [alert.id, updateOf(kinds.get(alert.id) ?? "alert", alert)]));
}

/** The end of an alert takes precedence over the kind that was queued. */
function updateOf(kind: Notice["kind"], alert: Alert): AlertUpdate {
  if (!isActive(alert)) return alert.reason === "recovered" ? "recovered" : "removed";
  return isAlertNoticeKind(kind) ? UPDATES[kind] : "current";
}

const UPDATES: Readonly<Record<AlertNoticeKind, AlertUpdate>> = {
  alert: "opened",
  retry: "retry failed",
  "code-change": "codes changed",
  reopen: "re-opened",
  recovery: "recovered",
  flapping: "flapping",
  "flapping-end": "flapping-end",
};

function isAlertNoticeKind(kind: Notice["kind"]): kind is AlertNoticeKind {
  return Object.hasOwn(UPDATES, kind);
}

/** The thread that a message about alerts belongs to (ALERTS 30): that of the storm, or the common one of all its alerts. */
export function threadOf({
  form,
  notices,
  notified,
  queue,
}: Pick<OutgoingMessage, "form" | "notices" | "notified" | "queue">): string | undefined {
  if (form === "storm") return queue.storm?.messageId;
  // A new alert starts its own.
  if (form === "standalone" || notices.some(({ kind }) => kind === "alert")) return undefined;
  const roots = new Set(notices.map(({ alertId }) => notified.find((state) => state.alertId === alertId)?.messageId));
  const [root] = roots;
  return roots.size === 1 ? root : undefined;
}

/** A storm's first summary is the root of a thread, and is edited; every other one is a message in the thread (ALERTS 21). */
function stormMessage({ alerts, queue, room, storm: plan }: OutgoingMessage, context: MessageContext): RenderedMessage {
  const { storm } = queue;
  const before = (storm?.before ?? 0) + (plan?.before.length ?? 0);
  const isLast = storm !== undefined && plan?.step === "edit" && isLastEdit(storm);
  const marks = { ...context.marks, ...(isLast && { newestInThread: true }) };
  const end = plan?.step === "end" ? { isOver: true, endedAt: context.now } : { isOver: false };
  const view = buildStormView(alerts, { since: storm?.since, before, ...end }, { ...context, room, marks });
  if (storm === undefined) return { view };
  return plan?.step === "edit" ? { view, editOf: storm.messageId } : { view, threadId: storm.messageId };
}

/** With what was removed meanwhile (ALERTS 20). */
function groupView({ alerts, notices }: OutgoingMessage, context: MessageContext): View {
  return withRemovals(buildAlertsView(alerts, context, updatesOf({ notices, alerts })), asidesOf(notices));
}

/** The duration of each step of a drill. */
function drillFacts({ drillTimes }: OutgoingMessage): AlertView["facts"] {
  if (drillTimes === undefined) return [];
  const { queuedAt, claimedAt, sentAt } = drillTimes;
  const seconds = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  return [
    { title: "Queued", value: new Date(queuedAt).toISOString().replace("T", " ").replace("Z", " UTC") },
    { title: "Waited in the queue", value: seconds(claimedAt - queuedAt) },
    { title: "Posted in", value: seconds(sentAt - claimedAt) },
    { title: "In total", value: seconds(sentAt - queuedAt) },
  ];
}
