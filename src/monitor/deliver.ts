import type { Refusal, Shown } from "../domain/access.ts";
import type { RenderedMessage } from "../domain/alerts/alert-views.ts";
import type { DeliveryFailure } from "../domain/alerts/delivery-policy.ts";
import { buildMessage, shownInMessage } from "../domain/alerts/messages.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { Outbox, OutgoingMessage } from "../domain/ports/alerting.ts";
import type { Gate, PostedMessage, Presence, Withheld } from "../domain/ports/messaging.ts";
import type { FaultLog, Time } from "../domain/ports/runtime.ts";
import type { PostedCards, Store } from "../domain/ports/store.ts";
import { guestsPresent } from "../domain/replies/error-views.ts";
import { createWakeSignal } from "../domain/wake-signal.ts";
import { type WebexStatus, withWebexStatus } from "../domain/webex-status.ts";
import { Failure } from "../errors.ts";
import { confirmFailure, toDeliveryFailure } from "./delivery-failure.ts";
import { createDeliveryPause, type DeliveryPause } from "./delivery-pause.ts";
import { EDIT_LEASE_MS, editCard } from "./edit-card.ts";
import { type Loop, startLoop } from "./loops.ts";

export interface DeliverDeps extends Time {
  readonly outbox: Outbox;
  readonly gate: Pick<Gate, "refusal" | "notify" | "edit">;
  readonly presence: Presence;
  readonly cards: Pick<PostedCards, "save">;
  readonly onCommit: Store["onCommit"];
  /** Records for `/readyz` whether Webex accepts messages. */
  readonly recordPost: (failure: unknown) => void;
  /** The last state of the status page of Webex. */
  readonly webexStatus: () => WebexStatus | undefined;
  /** Names this process in leases. */
  readonly holder: string;
  /** The shortest wait between two looks for what is due. */
  readonly pauseMs: number;
  readonly random: () => number;
  readonly log: FaultLog;
}

/** Longer than a delivery may take, so that no other process sends the message meanwhile. */
const LEASE_MS = 120_000;
/** Recipients do not wait for each other (ALERTS 27). */
const AT_ONCE = 8;
/** A message about more alerts than this needs much memory, so fewer of them are under way at once. */
const LARGE_MESSAGE = 500;
const LARGE_AT_ONCE = 2;
/** The longest wait: messages that other processes left behind are found within it. */
const POLL_MS = 5_000;

/** Sends the messages of the outbox, one at a time to each recipient. Stopping waits for those under way. */
export function startDelivery(deps: DeliverDeps): Loop {
  const { outbox, onCommit, clock, sleep, holder, log } = deps;
  const wakeSignal = createWakeSignal(sleep);
  onCommit(wakeSignal.wake);
  let waitMs = deps.pauseMs;
  const underWay = new Set<Promise<void>>();
  const large = new Set<Promise<void>>();
  const pause = createDeliveryPause(deps);

  const begin = (work: Promise<void>, isLarge: boolean): void => {
    const delivery = work
      .then(() => log.working("delivery.failed", "message"))
      // The lease runs out, and then the message or the edit is claimed again.
      .catch((error: unknown) => log.failing("delivery.failed", { error }, "message"))
      .finally(() => {
        underWay.delete(delivery);
        large.delete(delivery);
      });
    underWay.add(delivery);
    if (isLarge) large.add(delivery);
  };

  /** False when nothing is due. News first: an edit only repeats on the card what its thread tells. */
  const beginNext = async (): Promise<boolean> => {
    const message = await outbox.claim(holder, clock(), LEASE_MS);
    if (message !== undefined) {
      begin(deliver({ ...deps, pause }, message), message.alerts.length > LARGE_MESSAGE);
      return true;
    }
    const edit = await outbox.claimEdit(clock(), EDIT_LEASE_MS);
    if (edit !== undefined) begin(editCard(deps, edit), edit.shown.length > LARGE_MESSAGE);
    return edit !== undefined;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    waitMs = deps.pauseMs;
    while (!signal.aborted && (await pause.mayDeliver())) {
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (large.size >= LARGE_AT_ONCE) await Promise.race(large);
      if (await beginNext()) continue;
      waitMs = await untilDue(deps);
      return;
    }
  };

  const wait = (ms: number, stop?: AbortSignal): Promise<void> => wakeSignal.wait(ms, stop);
  const loop = startLoop({ ...deps, name: "delivery", run, sleep: wait, pauseMs: () => waitMs });
  return {
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

/** Milliseconds until a message or an edit is due. */
async function untilDue({ outbox, clock, pauseMs }: DeliverDeps): Promise<number> {
  const due = Math.min((await outbox.nextDue()) ?? Infinity, (await outbox.nextEditDue()) ?? Infinity);
  return Math.min(POLL_MS, Math.max(pauseMs, due - clock()));
}

interface DeliveringDeps extends DeliverDeps {
  readonly pause: DeliveryPause;
}

/** Posts one claimed message and records the outcome. */
async function deliver(deps: DeliveringDeps, message: OutgoingMessage): Promise<void> {
  const { outbox, gate, clock, log } = deps;
  const shown = shownInMessage(message);
  // Asked before the POST is recorded as begun; the gate asks again when it posts.
  const refusal = await gate.refusal(message.recipient, shown);
  if (refusal !== undefined) return withhold(deps, message, refusal);
  if (shown !== "no customers" && message.queue.withheldAt !== undefined)
    return outbox.endWithholding(message, clock());

  const built = buildMessage(message, clock());
  const rendered = { ...built, view: withWebexStatus(built.view, deps.webexStatus()) };
  // An edit that is made twice does no harm.
  if (rendered.editOf === undefined && !(await outbox.beginPost(message, clock()))) return;
  const posted = await post(deps, message.recipient, send(deps, message.recipient, rendered, shown));
  if ("withheld" in posted) return withhold(deps, message, posted.withheld);
  if ("kind" in posted) return recordFailure(deps, message, posted);

  await outbox.delivered(message, posted, clock());
  if (rendered.editOf === undefined) await saveCard(deps, rendered, posted);
  log.working("notice.delivery_failed");
  log.info("notice.sent", { kind: message.notices[0]?.kind, form: message.form, notices: message.notices.length });
}

/** Posts the message, or edits the one that it replaces. */
async function send(
  { gate }: DeliverDeps,
  recipient: Recipient,
  { view, threadId, editOf }: RenderedMessage,
  shown: Shown,
): Promise<Sent> {
  if (editOf === undefined)
    return gate.notify({ ...recipient, ...(threadId !== undefined && { threadId }) }, view, shown);
  if (!("roomId" in recipient)) throw new Error("Only a message in a space is edited.");
  return (await gate.edit({ ...recipient, messageId: editOf }, view, shown)) ?? { kind: "edit rejected" };
}

/** Recorded like the card of a reply, so that a press on its buttons is understood. */
async function saveCard(
  { cards }: DeliverDeps,
  { view }: RenderedMessage,
  { messageId, roomId, threadId, at: shownAt }: PostedMessage,
): Promise<void> {
  const thread = threadId !== undefined && { threadId };
  const unasked = { command: "", senderId: "", rows: [], edits: 0 };
  await cards.save({ ...unasked, ...thread, messageId, roomId, kind: view.kind, shownAt });
}

/** Keeps the message for later. Where guests are the reason, the space is told so once, best effort. */
async function withhold(deps: DeliveringDeps, message: OutgoingMessage, refusal: Refusal): Promise<void> {
  const { outbox, gate, presence, clock, log } = deps;
  const { recipient, notices } = message;
  log.info("notice.withheld", { kind: notices[0]?.kind, because: refusal.because });
  // A room whose members cannot be read may be one that the bot is no longer in.
  const isLost =
    refusal.because === "unsure" && "roomId" in recipient && !(await isStillIn(presence, recipient.roomId));
  if (isLost) return recordFailure(deps, message, { kind: "gone" });
  if (refusal.because === "unsure") deps.recordPost(READERS_UNKNOWN);
  if (!(await outbox.withhold(message, refusal.because, clock()))) return;
  await gate.notify(recipient, guestsPresent(), "no customers").catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    log.warn("guests_notice.failed", { error });
  });
}

const READERS_UNKNOWN = new Failure(
  "webex.readers_unknown",
  "Webex does not say who would see a message.",
  "Try again in a minute.",
);

const isStillIn = async (presence: Presence, roomId: string): Promise<boolean> =>
  (await presence.isMember(roomId)) !== false;

type Sent = PostedMessage | Withheld | DeliveryFailure;

/** Only a space or person that is gone is no problem of Webex: what it refuses otherwise may be every message. */
async function post({ presence, recordPost }: DeliverDeps, recipient: Recipient, call: Promise<Sent>): Promise<Sent> {
  try {
    const sent = await call;
    if ("messageId" in sent) recordPost(undefined);
    return sent;
  } catch (error) {
    const failure = await confirmFailure(toDeliveryFailure(error), recipient, presence);
    recordPost(failure.kind === "gone" ? undefined : error);
    return failure;
  }
}

async function recordFailure(deps: DeliveringDeps, message: OutgoingMessage, failure: DeliveryFailure): Promise<void> {
  const { outbox, pause, clock, random, log } = deps;
  if (failure.kind === "unauthorized") pause.tokenRefused();
  if (failure.kind === "busy" && failure.isRateLimit) pause.rateLimited(message.recipient, failure);
  const next = await outbox.failed(message, failure, clock(), random());
  const fields = { kind: message.notices[0]?.kind, failure: failure.kind, next };
  if (next === "dead" || next === "suspended") log.warn("notice.given_up", fields);
  else log.failing("notice.delivery_failed", { ...fields, error: failure.kind });
}
