import type { DeliveryFailure } from "../../src/domain/alerts/delivery-policy.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import type { AbsenceFound } from "../../src/domain/ports/snapshot.ts";
import { fieldFilter, NO_FILTER } from "../support/alert-fixtures.ts";
import type { CustomerStatuses } from "../support/alert-model.ts";
import { MINUTE } from "../support/time.ts";
import { type DeliveryRecord, deliveryRecordOf, postedInThread } from "./deliver-messages.ts";
import type { EngineHarness } from "./engine-harness.ts";

/** A history that is played through a real store. */
export interface HistoryRun {
  harness: EngineHarness;
  /** Ends the process without a shutdown; the next one opens the same data. */
  readonly restart: (harness: EngineHarness) => Promise<EngineHarness>;
  /** The claimed messages of the present process, by room. */
  readonly inFlight: Map<string, InFlightMessage>;
  readonly posts: Post[];
  /** The alerts of dead messages: `room alert`. */
  readonly dead: Set<string>;
  world: CustomerStatuses;
  /** The items that the last sweep did not find. */
  missed: AbsenceFound;
}

interface InFlightMessage {
  readonly message: OutgoingMessage;
  isPosted: boolean;
}

/** A posted message. */
export interface Post extends DeliveryRecord {
  readonly at: number;
  readonly isRepeat: boolean;
}

/** A command in a room, or a step in the delivery of its messages. */
export async function applyRoomEvent(run: HistoryRun, room: string, words: string): Promise<void> {
  const { harness, inFlight } = run;
  if (words === "delivers") {
    for (const next of ["claims", "posts", "commits"]) await applyRoomEvent(run, room, next);
    return;
  }
  if (words === "claims") return claimMessages(run, room);
  const taken = inFlight.get(room);
  if (DELIVERY_OUTCOMES[words] !== undefined) return taken && DELIVERY_OUTCOMES[words](run, room, taken);
  const [verb = "", what = ""] = words.split(" ");
  await applyCommand(harness, room, verb, what);
}

async function applyCommand(harness: EngineHarness, room: string, verb: string, what: string): Promise<void> {
  const filter = what === "all" ? NO_FILTER : fieldFilter("externalId", what);
  const { watches, mutes } = await harness.roomState(room);
  if (verb === "watches") return harness.watch(room, filter);
  if (verb === "unwatches") return harness.unwatch(room, watches.at(-1)?.number ?? 0);
  if (verb === "mutes") return harness.mute(room, filter);
  if (verb === "unmutes") return harness.unmute(room, mutes.at(-1)?.number ?? 0);
  const alerts = (await harness.all()).map(({ id }) => id);
  const ack = { personId: "olga", name: "Olga", at: harness.clock.now };
  await harness.change(room, { kind: "ack", alerts, ack });
}

/** Claims the message that is due for a room, and all that are due before it. */
async function claimMessages({ harness: { store, clock }, inFlight }: HistoryRun, room: string): Promise<void> {
  while (!inFlight.has(room)) {
    const message = await store.outbox.claim("ada", clock.now, LONG_MS);
    if (message === undefined) return;
    inFlight.set(deliveryRecordOf(message).to, { message, isPosted: false });
  }
}

/** No lease runs out: only a crash ends a process. */
const LONG_MS = 365 * 24 * 60 * MINUTE;

type DeliveryOutcome = (run: HistoryRun, room: string, taken: InFlightMessage) => Promise<void>;

/** The possible ends of a claimed message. One that was posted cannot be rejected any more. */
const DELIVERY_OUTCOMES: Readonly<Record<string, DeliveryOutcome>> = {
  posts: (run, _room, taken) => postOnce(run, taken),
  async commits(run, room, taken) {
    await postOnce(run, taken);
    run.inFlight.delete(room);
    const { store, clock } = run.harness;
    await store.outbox.delivered(taken.message, postedInThread(taken.message, `m${run.posts.length}`), clock.now);
  },
  async "loses the answer"(run, room, taken) {
    await postOnce(run, taken);
    return failDelivery(run, room, { kind: "retryable", possiblySent: true });
  },
  "gets 429": (run, room, taken) =>
    taken.isPosted ? DONE : failDelivery(run, room, { kind: "busy", waitMs: 2 * MINUTE }),
  "gets 500": (run, room, taken) =>
    taken.isPosted ? DONE : failDelivery(run, room, { kind: "retryable", possiblySent: false }),
  "gets 400": (run, room, taken) => (taken.isPosted ? DONE : failDelivery(run, room, { kind: "rejected" })),
};

const DONE = Promise.resolve();

async function postOnce({ posts, harness }: HistoryRun, taken: InFlightMessage): Promise<void> {
  if (taken.isPosted) return;
  taken.isPosted = true;
  await harness.store.outbox.beginPost(taken.message, harness.clock.now);
  const isRepeat = taken.message.notices.some(({ possiblySent }) => possiblySent);
  posts.push({ ...deliveryRecordOf(taken.message), at: harness.clock.now, isRepeat });
}

async function failDelivery(
  { harness, inFlight, dead }: HistoryRun,
  room: string,
  failure: DeliveryFailure,
): Promise<void> {
  const taken = inFlight.get(room);
  inFlight.delete(room);
  if (taken === undefined) return;
  const become = await harness.store.outbox.failed(taken.message, failure, harness.clock.now, 0.5);
  if (become !== "dead") return;
  for (const { alertId } of taken.message.notices) dead.add(`${room} ${alertId}`);
}
