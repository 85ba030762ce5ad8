import { describeFilter } from "../commands/format.ts";
import type { OutgoingMessage } from "../ports/alerting.ts";
import { formatCount, formatDuration, formatTime } from "../views/text.ts";
import type { AlertsView, View } from "../views/views.ts";
import { groupButtons, SHOW_ALL } from "./alert-buttons.ts";
import {
  buildActivityView,
  buildAlertView,
  byState,
  describeTracked,
  limitRows,
  type MessageContext,
  type RenderedMessage,
  toneOf,
  trackedGroups,
} from "./alert-views.ts";
import { outageEndView, outageView, reportView, sentencesView, suspensionView } from "./bot-status-messages.ts";
import type { Notice, NoticeDetails } from "./notice.ts";
import { cameAndWentView } from "./short-alerts.ts";

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
      return { view: catchUpView(message, details, context) };
    case "reminder":
      return reminderMessage(message, context);
    case "digest":
      return {
        view: buildActivityView("Digest", message.alerts, { since: message.digestSince ?? 0, ...context }),
      };
    case "escalation":
      return { view: escalationView(notice, message, context) };
    case "came-and-went":
      return { view: cameAndWentView(message.notices, context.marks, context.now) };
    case "outage":
      return { view: outageView(notice, context) };
    case "outage-end":
      return { view: outageEndView(notice) };
    case "suspended":
      return { view: suspensionView(notice, context) };
    default:
      return { view: reportView(notice, context) };
  }
}

/** The baseline: the watches of the room, and what is in error already (ALERTS 15). */
function baselineView({ alerts, customerCount, room }: OutgoingMessage, { marks, now }: MessageContext): View {
  const { watches, mutes } = room ?? { watches: [], mutes: [] };
  const filters = watches.map(({ filter }) => describeFilter(filter) || "everything");
  const isFiltered = watches.length > 0 && watches.every(({ filter }) => filter.length > 0);
  const isMuted = mutes.some(({ from, until }) => from <= now && now < until);
  return sentencesView(
    {
      tone: alerts.length === 0 ? "info" : "warning",
      title: `Watching ${formatCount(customerCount, "customer")}${isFiltered ? ", filtered" : ""}`,
    },
    [
      alerts.length > 0 ? `${describeTracked(byState(alerts), "already")}.` : noneInError(isFiltered || isMuted),
      `This space is alerted when a package goes into error and when it recovers: ${filters.join("; ")}.`,
      ...(marks.possiblyRepeated ? [`(possibly repeated) As of ${formatTime(now, now)}.`] : []),
    ],
    [...(alerts.length === 0 ? [] : [SHOW_ALL]), { title: "Watches", command: "watches" }],
  );
}

/** Customers that a filter or a mute leaves out may be in error. */
function noneInError(isPartial: boolean): string {
  return isPartial ? "Nothing that this space is alerted about is in error." : "None of them is in error.";
}

/** ALERTS 16: one card in place of many late ones. */
function catchUpView(
  { alerts, room }: OutgoingMessage,
  { awayMs = 0, restoredFrom }: NoticeDetails,
  { marks, now }: MessageContext,
): AlertsView {
  const { open, flapping, ended } = byState(alerts);
  return {
    kind: "alerts",
    marks,
    now,
    tone: toneOf({ open, flapping, ended }),
    title:
      restoredFrom === undefined
        ? `Noticed late: the bot was away for ${formatDuration(awayMs)}`
        : `A backup was restored: messages after ${formatTime(restoredFrom, now)} may be out of date`,
    lines: [
      ...(restoredFrom === undefined ? [] : ["“alerts” shows what is open now."]),
      alerts.length === 0
        ? "Nothing new for this space happened meanwhile."
        : `Meanwhile ${formatCount(open.length, "package")} went into error, and ${ended.length} recovered or were removed.`,
      ...(flapping.length === 0 ? [] : [`${formatCount(flapping.length, "package")} flapping.`]),
    ],
    ...limitRows(
      [
        { title: "In error", alerts: open },
        { title: "Flapping", alerts: flapping },
      ],
      [{ title: "Over", alerts: ended }],
    ),
    buttons: groupButtons(alerts, { room, now }),
  };
}

/** ALERTS 22. A single alert is repeated in its thread. */
function reminderMessage(
  { alerts, room, memory, notified }: OutgoingMessage,
  { marks, now }: MessageContext,
): RenderedMessage {
  const [only, ...others] = alerts;
  if (only !== undefined && others.length === 0) {
    const root = notified.find(({ alertId }) => alertId === only.id)?.messageId;
    const view = buildAlertView(only, "reminder", { room, memory, marks, now });
    return root === undefined ? { view } : { view, threadId: root };
  }
  const view: AlertsView = {
    kind: "alerts",
    marks,
    now,
    tone: "warning",
    lines: [],
    title: `${describeTracked(byState(alerts), "still")}, not acknowledged`,
    ...limitRows(trackedGroups(byState(alerts))),
    buttons: groupButtons(alerts, { room, now }),
  };
  return { view };
}

/** ALERTS 24: one message for all alerts that are due together. */
function escalationView(
  { details }: Notice,
  { alerts, room, memory }: OutgoingMessage,
  { marks, now }: MessageContext,
): View {
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
      title: `${describeTracked(byState(alerts))}, not acknowledged for 30 min`,
      groups: trackedGroups(byState(alerts)),
    };
  return buildAlertView(alert, "escalated", { room, memory, marks, now }, where);
}
