import { formatFilter } from "../commands/format.ts";
import type { OutgoingMessage } from "../ports/alerting.ts";
import { formatCount, formatDuration, formatTime } from "../views/text.ts";
import type { AlertsView, View } from "../views/views.ts";
import { isActive } from "./alert.ts";
import {
  buildActivityView,
  buildAlertView,
  buildStormView,
  describeOpen,
  groupButtons,
  groupByCode,
  limitRows,
  type MessageContext,
  type RenderedMessage,
  SHOW_ALL,
} from "./alert-views.ts";
import { outageEndView, outageView, reportView, sentencesView, suspensionView } from "./bot-status-messages.ts";
import type { Notice } from "./notice.ts";

export function buildStandaloneMessage(
  notice: Notice,
  message: OutgoingMessage,
  context: MessageContext,
): RenderedMessage {
  const { details } = notice;
  switch (notice.kind) {
    case "baseline":
      return { view: baselineView(message, context) };
    case "catch-up":
      return { view: catchUpView(message, details.awayMs ?? 0, context) };
    case "reminder":
      return reminderMessage(message, context);
    case "storm-end":
      return stormEndMessage(message, context);
    case "digest":
      return {
        view: buildActivityView("Digest", message.alerts, { since: message.digestSince ?? 0, ...context }),
      };
    case "escalation":
      return { view: escalationView(notice, message, context) };
    case "outage":
      return { view: outageView(notice, context) };
    case "outage-end":
      return { view: outageEndView(notice) };
    case "suspended":
      return { view: suspensionView(notice, context) };
    default:
      return { view: reportView(notice) };
  }
}

/** The baseline: the watches of the room, and what is in error already (ALERTS 15). */
function baselineView({ alerts, customerCount, room }: OutgoingMessage, { marks, now }: MessageContext): View {
  const inError = alerts.length === 0 ? "None of them is in error." : `${describeOpen(alerts, "already")}.`;
  const filters = (room?.watches ?? []).map(({ filter }) => formatFilter(filter) || "everything");
  return sentencesView(
    {
      tone: alerts.length === 0 ? "info" : "warning",
      title: `Watching ${formatCount(customerCount, "customer")}`,
    },
    [
      inError,
      `This space is alerted when a package goes into error and when it recovers: ${filters.join("; ")}.`,
      ...(marks.possiblyRepeated ? [`(repeat) As of ${formatTime(now, now)}.`] : []),
    ],
    [...(alerts.length === 0 ? [] : [SHOW_ALL]), { title: "Watches", command: "watches" }],
  );
}

/** ALERTS 16: one card in place of many late ones. */
function catchUpView({ alerts }: OutgoingMessage, awayMs: number, { marks, now }: MessageContext): AlertsView {
  const open = alerts.filter(isActive);
  const over = alerts.filter((alert) => !isActive(alert));
  return {
    kind: "alerts",
    marks,
    now,
    tone: open.length > 0 ? "bad" : "good",
    title: `Noticed late: the bot was away for ${formatDuration(awayMs)}`,
    lines: [
      alerts.length === 0
        ? "Nothing new for this space happened meanwhile."
        : `Meanwhile ${formatCount(open.length, "package")} went into error, and ${over.length} recovered or were removed.`,
    ],
    ...limitRows([
      { title: "In error", alerts: open },
      { title: "Over", alerts: over },
    ]),
    buttons: groupButtons(open, undefined),
  };
}

/** ALERTS 22. A single alert is repeated in its thread. */
function reminderMessage({ alerts, room, notified }: OutgoingMessage, { marks, now }: MessageContext): RenderedMessage {
  const [only, ...others] = alerts;
  if (only !== undefined && others.length === 0) {
    const root = notified.find(({ alertId }) => alertId === only.id)?.messageId;
    const view = buildAlertView(only, "reminder", { room, marks, now });
    return root === undefined ? { view } : { view, threadId: root };
  }
  const view: AlertsView = {
    kind: "alerts",
    marks,
    now,
    tone: "warning",
    lines: [],
    title: `${describeOpen(alerts, "still")}, not acknowledged`,
    ...limitRows(groupByCode(alerts)),
    buttons: groupButtons(alerts, undefined),
  };
  return { view };
}

/** ALERTS 21: the last summary of a storm. */
function stormEndMessage({ alerts, queue }: OutgoingMessage, context: MessageContext): RenderedMessage {
  const { storm } = queue;
  const view: View = {
    ...buildStormView(alerts, storm, context),
    state: "over",
    endedAt: context.now,
    buttons: groupButtons(alerts.filter(isActive), undefined),
  };
  return storm === undefined ? { view } : { view, threadId: storm.messageId };
}

/** ALERTS 24: one message for all alerts that are due together. */
function escalationView({ details }: Notice, { alerts, room }: OutgoingMessage, { marks, now }: MessageContext): View {
  const [alert, ...others] = alerts;
  const where = details.space === undefined ? [] : [{ title: "Sent to", value: details.space }];
  if (alert === undefined) throw new Error("The alert of the escalation is missing from the message.");
  if (others.length > 0)
    return {
      kind: "alerts",
      marks,
      now,
      more: 0,
      tone: "bad",
      buttons: [],
      lines: where.map(({ title, value }) => `${title}: ${value}`),
      title: `${describeOpen(alerts)}, not acknowledged for 30 min`,
      groups: groupByCode(alerts),
    };
  return buildAlertView(alert, "escalated", { room, marks, now }, where);
}
