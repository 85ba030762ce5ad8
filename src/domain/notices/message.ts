import type { Flush } from "../alerting.ts";
import { type Alert, isActive } from "../alerts/alert.ts";
import type { AlertNews, Marks, View } from "../replies/views.ts";
import { messageAlone } from "./alone.ts";
import { alertCard, crowdCard, stormCard } from "./board.ts";
import type { Notice } from "./outbox.ts";
import type { AlertNotice } from "./reconcile.ts";
import type { Message, Telling } from "./telling.ts";

/** The next message to a target, made from the present state, so that a late one is never wrong (ALERTS 26). */
export function messageOf(flush: Flush, now: number): Message {
  const [first] = flush.notices;
  if (first === undefined) throw new Error("A message tells of one notice at least.");
  const marks = marksOf(flush.notices);
  switch (flush.form) {
    case "single":
      return { view: singleView(first, flush, { marks, now }), ...threadOf(flush) };
    case "group":
      return { view: crowdCard(flush.alerts, { marks, now }), ...threadOf(flush) };
    case "storm":
      return { view: stormCard(flush.alerts, flush.line.storm, { marks, now }), ...stormThread(flush) };
    case "alone":
      return messageAlone(first, flush, { marks, now });
  }
}

const NEWS: Readonly<Record<AlertNotice, AlertNews>> = {
  alert: "opened",
  retry: "retry failed",
  reopen: "re-opened",
  recovery: "recovered",
  flapping: "flapping",
  steady: "steady",
};

function singleView({ kind, alertId }: Notice, flush: Flush, { marks, now }: Telling): View {
  const alert = flush.alerts.find(({ id }) => id === alertId);
  if (alert === undefined) throw new Error("A notice of an alert comes with the alert.");
  return alertCard(alert, newsOf(kind, alert), { room: flush.room, marks, now }, stepsOf(flush));
}

/** What the alert has come to by now goes before what was owed. */
function newsOf(kind: Notice["kind"], alert: Alert): AlertNews {
  if (!isActive(alert) && alert.flapping === undefined) {
    return alert.reason === "recovered" ? "recovered" : "removed";
  }
  return isAlertNotice(kind) ? NEWS[kind] : "present";
}

function isAlertNotice(kind: Notice["kind"]): kind is AlertNotice {
  return Object.hasOwn(NEWS, kind);
}

function marksOf(notices: readonly Notice[]): Marks {
  return {
    ...(notices.some(({ maybeSent }) => maybeSent) && { repeat: true }),
    ...(notices.every(({ says }) => says.wasMuted) && { wasMuted: true }),
  };
}

/** News of alerts that were all told in one thread goes there (ALERTS 30); a new alert begins its own. */
function threadOf({ notices, told }: Flush): Pick<Message, "threadId"> {
  if (notices.some(({ kind }) => kind === "alert")) return {};
  const roots = new Set(notices.map(({ alertId }) => told.find((one) => one.alertId === alertId)?.messageId));
  const [root] = roots;
  return roots.size === 1 && root !== undefined ? { threadId: root } : {};
}

function stormThread({ line }: Flush): Pick<Message, "threadId"> {
  return line.storm === undefined ? {} : { threadId: line.storm.messageId };
}

/** How long each step of a drill took. */
function stepsOf({ steps }: Flush): readonly { readonly title: string; readonly value: string }[] {
  if (steps === undefined) return [];
  const { owedAt, claimedAt, sentAt } = steps;
  const seconds = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  return [
    { title: "Owed", value: new Date(owedAt).toISOString().replace("T", " ").replace("Z", " UTC") },
    { title: "Waited for others", value: seconds(claimedAt - owedAt) },
    { title: "Posted in", value: seconds(sentAt - claimedAt) },
    { title: "In all", value: seconds(sentAt - owedAt) },
  ];
}
