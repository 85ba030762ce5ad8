import type { DeliveryFailure } from "../domain/alerts/delivery-policy.ts";
import { buildMessage } from "../domain/alerts/messages.ts";
import { isSummaryNotice, type Notice, type Recipient } from "../domain/alerts/notice.ts";
import type { Outbox, OutgoingMessage } from "../domain/ports/alerting.ts";
import type { Messenger, PostedMessage } from "../domain/ports/messaging.ts";
import type { Log, Time } from "../domain/ports/runtime.ts";
import type { PostedCards } from "../domain/ports/store.ts";
import { guestsPresent } from "../domain/replies/error-views.ts";
import { Failure } from "../errors.ts";
import { type Loop, startLoop } from "./loops.ts";

export interface DeliverDeps extends Time {
  readonly outbox: Outbox;
  readonly messenger: Pick<Messenger, "notify">;
  readonly cards: Pick<PostedCards, "save">;
  /**
   * True if customers may be named in this space now: not while guests are in it, unless an admin allowed that (PRODUCT 5).
   * Undefined when the members of the space cannot be read.
   */
  readonly mayPost: (recipient: Recipient) => Promise<boolean | undefined>;
  /** Edits the cards of these alerts, best effort, except the card that was just posted (ALERTS 30). */
  readonly refreshCards: (alertIds: readonly number[], exceptMessageId?: string) => Promise<void>;
  /** Records for `/readyz` whether Webex accepts messages. */
  readonly trackPost: <T>(call: () => Promise<T>) => Promise<T>;
  /** Names this process in leases. */
  readonly holder: string;
  readonly everyMs: number;
  readonly random: () => number;
  readonly log: Log;
}

/** Longer than a delivery may take, so that no other process sends the message meanwhile. */
const LEASE_MS = 120_000;
/** Recipients do not wait for each other (ALERTS 27). */
const AT_ONCE = 8;
/** A message about more alerts than this needs much memory, so fewer of them are under way at once. */
const LARGE_MESSAGE = 500;
const LARGE_AT_ONCE = 2;

/** Sends the messages of the outbox, one at a time to each recipient. Stopping waits for those under way. */
export function startDelivery(deps: DeliverDeps): Loop {
  const { outbox, clock, holder, log } = deps;
  const underWay = new Set<Promise<void>>();
  const large = new Set<Promise<void>>();
  let pausedUntil = 0;

  const begin = (message: OutgoingMessage): void => {
    const delivery = deliver(deps, message)
      .then((pauseMs) => {
        pausedUntil = Math.max(pausedUntil, clock() + pauseMs);
      })
      // The lease of the message runs out, and then it is claimed again.
      .catch((error: unknown) => log.error("delivery.failed", { error }))
      .finally(() => {
        underWay.delete(delivery);
        large.delete(delivery);
      });
    underWay.add(delivery);
    if (message.alerts.length > LARGE_MESSAGE) large.add(delivery);
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && clock() >= pausedUntil) {
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (large.size >= LARGE_AT_ONCE) await Promise.race(large);
      const message = await outbox.claim(holder, clock(), LEASE_MS);
      if (message === undefined) return;
      begin(message);
    }
  };

  const loop = startLoop({ ...deps, name: "delivery", run });
  return {
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

/** Posts one claimed message and records the outcome. Returns for how many milliseconds all delivery must pause. */
async function deliver(deps: DeliverDeps, message: OutgoingMessage): Promise<number> {
  const { outbox, clock, log } = deps;
  const isAllowed = !isConfidential(message) || (await deps.mayPost(message.recipient));
  if (isAllowed === undefined) return recordFailure(deps, message, { kind: "retryable", possiblySent: false });
  if (!isAllowed) return withhold(deps, message);

  const { view, threadId } = buildMessage(message, clock());
  const to = { ...message.recipient, ...(threadId !== undefined && { threadId }) };
  const posted = await deps.trackPost(() => post(deps.messenger.notify(to, view))).catch(toDeliveryFailure);
  if ("kind" in posted) return recordFailure(deps, message, posted);

  const acknowledged = await outbox.delivered(message, posted, clock());
  // Recorded like the card of a reply, so that a press on its buttons is understood.
  const { messageId, roomId, at: shownAt } = posted;
  const thread = threadId !== undefined && { threadId };
  const unasked = { command: "", senderId: "", rows: [], edits: 0 };
  await deps.cards.save({ ...unasked, ...thread, messageId, roomId, kind: view.kind, shownAt });
  log.info("notice.sent", { kind: message.notices[0]?.kind, form: message.form, notices: message.notices.length });
  await deps.refreshCards(alertsOnOlderCards(message), messageId);
  await deps.refreshCards(acknowledged);
  return 0;
}

/** Notices about outages, and reports that name no customer, may be posted in front of guests. */
function isConfidential({ recipient, notices }: OutgoingMessage): boolean {
  const isOpen = ({ kind, details }: Notice) =>
    kind === "outage" || kind === "outage-end" || (kind === "report" && !details.namesCustomers);
  return "roomId" in recipient && !notices.every(isOpen);
}

/** Withholds the message while guests are present, and posts the reason in the space, best effort. */
async function withhold({ outbox, messenger, clock, log }: DeliverDeps, message: OutgoingMessage): Promise<number> {
  log.info("notice.withheld", { kind: message.notices[0]?.kind });
  if (!(await outbox.withhold(message, clock()))) return 0;
  await messenger.notify(message.recipient, guestsPresent()).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    log.warn("guests_notice.failed", { error });
  });
  return 0;
}

/** Returns a failure that concerns this message or this space alone; throws all others, which mean that Webex has a problem. */
async function post(call: Promise<PostedMessage>): Promise<PostedMessage | DeliveryFailure> {
  try {
    return await call;
  } catch (error) {
    const failure = toDeliveryFailure(error);
    if (failure.kind === "gone" || failure.kind === "rejected") return failure;
    throw error;
  }
}

/** How long to wait when Webex asks to slow down and sends no Retry-After. */
const DEFAULT_WAIT_S = 5;

/** Why a message was not delivered (ALERTS 29). Throws what is not a `Failure`. */
function toDeliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof Failure)) throw error;
  const { code, retryable, outcomeUnknown, retryAfterS = DEFAULT_WAIT_S } = error;
  if (code === "webex.busy") return { kind: "busy", waitMs: retryAfterS * 1_000 };
  if (code === "webex.unauthorized") return { kind: "unauthorized" };
  if (code === "webex.forbidden" || code === "webex.not_found") return { kind: "gone" };
  return retryable || outcomeUnknown ? { kind: "retryable", possiblySent: outcomeUnknown } : { kind: "rejected" };
}

/** How long all delivery rests after a 401. */
const TOKEN_PAUSE_MS = 60_000;

async function recordFailure(deps: DeliverDeps, message: OutgoingMessage, failure: DeliveryFailure): Promise<number> {
  const { outbox, clock, random, log } = deps;
  const next = await outbox.failed(message, failure, clock(), random());
  log.warn("notice.delivery_failed", { kind: message.notices[0]?.kind, failure: failure.kind, next });
  if (failure.kind === "busy") return failure.waitMs;
  return failure.kind === "unauthorized" ? TOKEN_PAUSE_MS : 0;
}

/** The alerts of this message that an older card shows, such as the first summary of their storm. */
function alertsOnOlderCards({ form, queue, notified, notices, alerts }: OutgoingMessage): readonly number[] {
  const joinsStorm = form === "storm" && queue.storm !== undefined;
  const shown = new Set(notified.map(({ alertId }) => alertId));
  const isSummary = notices.some(({ kind }) => isSummaryNotice(kind));
  const ids = isSummary ? alerts.map(({ id }) => id) : notices.map(({ alertId }) => alertId);
  return ids.filter((id) => id !== 0 && (joinsStorm || shown.has(id)));
}
