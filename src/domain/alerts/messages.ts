import type { OutgoingMessage } from "../ports/alerting.ts";
import type { AlertUpdate, Marks, View } from "../views/views.ts";
import { type Alert, isActive } from "./alert.ts";
import {
  buildAlertsView,
  buildAlertView,
  buildStormView,
  type MessageContext,
  type RenderedMessage,
} from "./alert-cards.ts";
import type { Notice } from "./notice.ts";
import type { AlertNoticeKind } from "./reconcile.ts";
import { buildStandaloneMessage } from "./standalone-messages.ts";

/** The next message to a target, made from the present state, so that a late one is never wrong (ALERTS 26). */
export function buildMessage(flush: OutgoingMessage, now: number): RenderedMessage {
  const [first] = flush.notices;
  if (first === undefined) throw new Error("A message tells of one notice at least.");
  const marks = marksOf(flush.notices);
  switch (flush.form) {
    case "single":
      return { view: singleView(first, flush, { marks, now }), ...threadOf(flush) };
    case "group":
      return { view: buildAlertsView(flush.alerts, { marks, now }), ...threadOf(flush) };
    case "storm":
      return { view: buildStormView(flush.alerts, flush.queue.storm, { marks, now }), ...stormThread(flush) };
    case "standalone":
      return buildStandaloneMessage(first, flush, { marks, now });
  }
}

const NEWS: Readonly<Record<AlertNoticeKind, AlertUpdate>> = {
  alert: "opened",
  retry: "retry failed",
  reopen: "re-opened",
  recovery: "recovered",
  flapping: "flapping",
  "flapping-end": "flapping-end",
};

function singleView({ kind, alertId }: Notice, flush: OutgoingMessage, { marks, now }: MessageContext): View {
  const alert = flush.alerts.find(({ id }) => id === alertId);
  if (alert === undefined) throw new Error("A notice of an alert comes with the alert.");
  return buildAlertView(alert, newsOf(kind, alert), { room: flush.room, marks, now }, drillFacts(flush));
}

/** What the alert has come to by now goes before what was owed. */
function newsOf(kind: Notice["kind"], alert: Alert): AlertUpdate {
  if (!isActive(alert) && alert.flapping === undefined) {
    return alert.reason === "recovered" ? "recovered" : "removed";
  }
  return isAlertNoticeKind(kind) ? NEWS[kind] : "current";
}

function isAlertNoticeKind(kind: Notice["kind"]): kind is AlertNoticeKind {
  return Object.hasOwn(NEWS, kind);
}

function marksOf(notices: readonly Notice[]): Marks {
  return {
    ...(notices.some(({ possiblySent }) => possiblySent) && { possiblyRepeated: true }),
    ...(notices.every(({ details }) => details.wasMuted) && { wasMuted: true }),
  };
}

/** News of alerts that were all told in one thread goes there (ALERTS 30); a new alert begins its own. */
function threadOf({ notices, notified }: OutgoingMessage): Pick<RenderedMessage, "threadId"> {
  if (notices.some(({ kind }) => kind === "alert")) return {};
  const roots = new Set(notices.map(({ alertId }) => notified.find((one) => one.alertId === alertId)?.messageId));
  const [root] = roots;
  return roots.size === 1 && root !== undefined ? { threadId: root } : {};
}

function stormThread({ queue }: OutgoingMessage): Pick<RenderedMessage, "threadId"> {
  return queue.storm === undefined ? {} : { threadId: queue.storm.messageId };
}

/** How long each step of a drill took. */
function drillFacts({ drillTimes }: OutgoingMessage): readonly { readonly title: string; readonly value: string }[] {
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
