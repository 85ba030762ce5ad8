import type { Flush } from "../alerting.ts";
import { isActive } from "../alerts/alert.ts";
import { formatFilter } from "../commands/format.ts";
import { counted, timeOf } from "../replies/figures.ts";
import { spanOf } from "../replies/span.ts";
import type { AlertsView, View } from "../replies/views.ts";
import { alertCard, byCode, limited, openOf, stormCard } from "./board.ts";
import { crowdButtons, SHOW_ALL } from "./buttons.ts";
import type { Notice } from "./outbox.ts";
import { blind, report, say, sight, suspended } from "./self.ts";
import { summaryCard } from "./summary.ts";
import type { Message, Telling } from "./telling.ts";

/** A message about the whole space, or to one person: one notice, one message. */
export function messageAlone(notice: Notice, flush: Flush, telling: Telling): Message {
  const { says } = notice;
  switch (notice.kind) {
    case "baseline":
      return { view: baseline(flush, telling) };
    case "catch-up":
      return { view: catchUp(flush, says.awayMs ?? 0, telling) };
    case "reminder":
      return reminder(flush, telling);
    case "storm-end":
      return stormEnd(flush, telling);
    case "digest":
      return { view: summaryCard("Digest", flush.alerts, { since: flush.countsFrom ?? 0, ...telling }) };
    case "escalation":
      return { view: escalation(notice, flush, telling) };
    case "blind":
      return { view: blind(notice, telling) };
    case "sight":
      return { view: sight(notice, telling) };
    case "suspended":
      return { view: suspended(notice, telling) };
    default:
      return { view: report(notice, telling) };
  }
}

/** ALERTS 15. */
function baseline({ alerts, customers, room }: Flush, { marks, now }: Telling): View {
  const inError = alerts.length === 0 ? "None of them is in error." : `${openOf(alerts, "already")}.`;
  const filters = (room?.watches ?? []).map(({ filter }) => formatFilter(filter) || "everything");
  return say(
    { tone: alerts.length === 0 ? "info" : "warning", title: `Watching ${counted(customers, "customer")}` },
    [
      inError,
      `This space is told when a package enters error, and when it recovers: ${filters.join("; ")}.`,
      ...(marks.repeat ? [`(repeat) As of ${timeOf(now, now)}.`] : []),
    ],
    [...(alerts.length === 0 ? [] : [SHOW_ALL]), { title: "Watches", command: "watches" }],
  );
}

/** ALERTS 16: one card in the place of many late ones. */
function catchUp({ alerts }: Flush, awayMs: number, { marks, now }: Telling): AlertsView {
  const open = alerts.filter(isActive);
  const over = alerts.filter((alert) => !isActive(alert));
  return {
    kind: "alerts",
    marks,
    now,
    tone: open.length > 0 ? "bad" : "good",
    title: `Noticed late: I was away ${spanOf(awayMs)}`,
    lines: [
      alerts.length === 0
        ? "Nothing changed meanwhile that this space did not know."
        : `Meanwhile ${counted(open.length, "package")} entered error, and ${over.length} recovered or went away.`,
    ],
    ...limited([
      { title: "In error", alerts: open },
      { title: "Over", alerts: over },
    ]),
    buttons: crowdButtons(open, undefined),
  };
}

/** ALERTS 22: one message for all that nobody has taken; in its thread where it is but one. */
function reminder({ alerts, room, told }: Flush, { marks, now }: Telling): Message {
  const [only, ...others] = alerts;
  if (only !== undefined && others.length === 0) {
    const root = told.find(({ alertId }) => alertId === only.id)?.messageId;
    const view = alertCard(only, "reminder", { room, marks, now });
    return root === undefined ? { view } : { view, threadId: root };
  }
  const view: AlertsView = {
    kind: "alerts",
    marks,
    now,
    tone: "warning",
    lines: [],
    title: `${openOf(alerts, "still")}, and nobody has taken them`,
    ...limited(byCode(alerts)),
    buttons: crowdButtons(alerts, undefined),
  };
  return { view };
}

/** ALERTS 21: the storm is over, and this is what it left. */
function stormEnd({ alerts, line }: Flush, telling: Telling): Message {
  const { storm } = line;
  const view: View = {
    ...stormCard(alerts, storm, telling),
    state: "over",
    endedAt: telling.now,
    buttons: crowdButtons(alerts.filter(isActive), undefined),
  };
  return storm === undefined ? { view } : { view, threadId: storm.messageId };
}

/** ALERTS 24: whoever is called in is called once for all that nobody has taken. */
function escalation({ says }: Notice, { alerts, room }: Flush, { marks, now }: Telling): View {
  const [alert, ...others] = alerts;
  const where = says.space === undefined ? [] : [{ title: "Told in", value: says.space }];
  if (alert === undefined) throw new Error("An escalation comes with its alert.");
  if (others.length > 0)
    return {
      kind: "alerts",
      marks,
      now,
      more: 0,
      tone: "bad",
      buttons: [],
      lines: where.map(({ title, value }) => `${title}: ${value}`),
      title: `${openOf(alerts)}, and nobody has taken them for half an hour`,
      groups: byCode(alerts),
    };
  return alertCard(alert, "escalated", { room, marks, now }, where);
}
