import type { Transition } from "../customers/transition.ts";
import type { StoryEvent } from "../views/views.ts";
import type { Alert, EndedAck } from "./alert.ts";
import type { NoticeKind } from "./notice.ts";
import type { AlertNoticeKind } from "./reconcile.ts";

/** A message about an alert that a space got. */
export interface ToldMessage {
  readonly at: number;
  readonly kind: NoticeKind;
}

interface StoryInput {
  /** Of the customer of the alert, in any order. */
  readonly transitions: readonly Transition[];
  readonly told: readonly ToldMessage[];
  /** When the space was last told that it is open; it may have been by a summary. */
  readonly notifiedAt?: number | undefined;
}

/** The events of an alert, oldest first: statuses, acknowledgements, and the messages to one space. */
export function buildStory(alert: Alert, { transitions, told, notifiedAt }: StoryInput): readonly StoryEvent[] {
  const { openedAt, baseline, reopenedAt, pastAcks = [], ack, closedAt, reason, key } = alert;
  const isInMessage = notifiedAt === undefined || told.some(({ at }) => at === notifiedAt);
  const events: readonly StoryEvent[] = [
    { at: openedAt, title: "Opened", ...(baseline && { text: "already in error when monitoring began" }) },
    ...reopenedAt.map((at) => ({ at, title: "Re-opened" })),
    ...transitions
      .filter(({ item, at }) => item === key.item && at > openedAt)
      .map(({ at, from, to }) => ({ at, title: "Status", ...(from && { from }), ...(to && { to }) })),
    ...pastAcks.flatMap((past) => [acked(past), ackEnd(past)]),
    ...(ack === undefined ? [] : [acked(ack)]),
    ...told.map(({ at, kind }) => ({ at, title: "Told here", text: TOLD[kind] ?? kind })),
    ...(isInMessage || notifiedAt === undefined ? [] : [{ at: notifiedAt, title: "Told here", text: "in a summary" }]),
    ...(closedAt === undefined ? [] : [{ at: closedAt, title: "Over", text: reason ?? "" }]),
  ];
  return events.toSorted((a, b) => a.at - b.at);
}

/** The notices that name one alert; a new kind without its words does not compile. */
const TOLD: Partial<Record<NoticeKind, string>> = {
  alert: "alert",
  retry: "retry failed",
  "code-change": "another code",
  reopen: "re-opened",
  recovery: "over",
  flapping: "flapping",
  "flapping-end": "no longer flapping",
  "came-and-went": "came and went",
  escalation: "escalated",
} satisfies Record<AlertNoticeKind | "came-and-went" | "escalation", string>;

const acked = ({ at, name }: Pick<EndedAck, "at" | "name">): StoryEvent => ({ at, title: "Acknowledged", text: name });

const ackEnd = ({ endedAt, how }: EndedAck): StoryEvent => ({
  at: endedAt,
  title: "Acknowledgement ended",
  text: how,
});
