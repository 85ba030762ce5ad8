import { buildMessage } from "../domain/alerts/messages.ts";
import type { DeliveryFailure, Notice, Recipient } from "../domain/alerts/notice.ts";
import type { Outbox, OutgoingMessage } from "../domain/ports/alerting.ts";
import type { Messenger, PostedMessage } from "../domain/ports/messaging.ts";
import type { Log, Time } from "../domain/ports/runtime.ts";
import type { PostedCards } from "../domain/ports/store.ts";
import { guestsPresent } from "../domain/replies/error-views.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import { type Loop, startLoop } from "./loops.ts";

export interface DeliverDeps extends Time {
  readonly outbox: Outbox;
  readonly messenger: Pick<Messenger, "notify">;
  readonly cards: Pick<PostedCards, "save">;
  /**
   * Whether this space may be told of customers now: not with guests in it that nobody allowed (PRODUCT 5). Undefined while
   * nobody can say who is in it.
   */
  readonly mayPost: (target: Recipient) => Promise<boolean | undefined>;
  /** Brings the cards of these alerts up to date, best effort, but for the one that has just been posted (ALERTS 30). */
  readonly refreshCards: (alertIds: readonly number[], except?: string) => Promise<void>;
  /** Keeps in mind whether Webex takes messages. */
  readonly trackPost: <T>(call: () => Promise<T>) => Promise<T>;
  /** Names this process. */
  readonly holder: string;
  readonly everyMs: number;
  readonly random: () => number;
  readonly log: Log;
}

/** Longer than a message may take, so that nobody sends it a second time meanwhile. */
const LEASE_MS = 120_000;
/** Spaces do not wait for each other (ALERTS 27). */
const AT_ONCE = 8;
/** But for the memory that a message needs which is about more alerts than this: one of those may wait, and one go on. */
const LARGE_MESSAGE = 500;
const LARGE_AT_ONCE = 2;

/** Sends what is owed, one message at a time to each target, until it is stopped; what is under way then is finished. */
export function startDelivery(deps: DeliverDeps): Loop {
  const { outbox, clock, holder, log } = deps;
  const underWay = new Set<Promise<void>>();
  const crowds = new Set<Promise<void>>();
  let pausedUntil = 0;

  const begin = (flush: OutgoingMessage): void => {
    const delivery = deliver(deps, flush)
      .then((pauseMs) => {
        pausedUntil = Math.max(pausedUntil, clock() + pauseMs);
      })
      // Its lease runs out, and then it is sent again.
      .catch((error: unknown) => log.error("delivery.failed", { error }))
      .finally(() => {
        underWay.delete(delivery);
        crowds.delete(delivery);
      });
    underWay.add(delivery);
    if (flush.alerts.length > LARGE_MESSAGE) crowds.add(delivery);
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && clock() >= pausedUntil) {
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (crowds.size >= LARGE_AT_ONCE) await Promise.race(crowds);
      const flush = await outbox.claim(holder, clock(), LEASE_MS);
      if (flush === undefined) return;
      begin(flush);
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

/** Returns for how long nothing is to be sent to anybody, in milliseconds: Webex asks the whole bot to slow down. */
async function deliver(deps: DeliverDeps, flush: OutgoingMessage): Promise<number> {
  const { outbox, clock, log } = deps;
  const isAllowed = !isConfidential(flush) || (await deps.mayPost(flush.recipient));
  // Of guests whom nobody has seen the space is not told either: it is asked again who is there.
  if (isAllowed === undefined) return recordFailure(deps, flush, { kind: "retryable", possiblySent: false });
  if (!isAllowed) return withhold(deps, flush);
  const { view, threadId } = buildMessage(flush, clock());
  const to = { ...flush.recipient, ...(threadId !== undefined && { threadId }) };
  const sent = await deps.trackPost(() => postedOrRefusal(deps.messenger.notify(to, view))).catch(toDeliveryFailure);
  if ("kind" in sent) return recordFailure(deps, flush, sent);
  const taken = await outbox.delivered(flush, sent, clock());
  await savePostedCard(deps, { view, threadId, posted: sent });
  log.info("notice.sent", { kind: flush.notices[0]?.kind, form: flush.form, notices: flush.notices.length });
  await deps.refreshCards(olderCards(flush), sent.messageId);
  await deps.refreshCards(taken);
  return 0;
}

/** The space hears why it hears nothing, best effort: what is withheld is kept, and looked at again. */
async function withhold({ outbox, messenger, clock, log }: DeliverDeps, flush: OutgoingMessage): Promise<number> {
  log.info("notice.withheld", { kind: flush.notices[0]?.kind });
  if (!(await outbox.withhold(flush, clock()))) return 0;
  await messenger.notify(flush.recipient, guestsPresent()).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    log.warn("guests_notice.failed", { error });
  });
  return 0;
}

async function recordFailure(deps: DeliverDeps, flush: OutgoingMessage, setback: DeliveryFailure): Promise<number> {
  const { outbox, clock, random, log } = deps;
  const next = await outbox.failed(flush, setback, clock(), random());
  log.warn("notice.delivery_failed", { kind: flush.notices[0]?.kind, setback: setback.kind, next });
  if (setback.kind === "busy") return setback.waitMs;
  return setback.kind === "unauthorized" ? TOKEN_PAUSE_MS : 0;
}

const TOKEN_PAUSE_MS = 60_000;

/** A card of ours, so that its buttons are understood. */
async function savePostedCard(
  { cards }: DeliverDeps,
  { view, threadId, posted }: { view: View; threadId: string | undefined; posted: PostedMessage },
): Promise<void> {
  const { messageId, roomId, at } = posted;
  await cards.save({
    messageId,
    roomId,
    kind: view.kind,
    command: "",
    senderId: "",
    rows: [],
    edits: 0,
    shownAt: at,
    ...(threadId !== undefined && { threadId }),
  });
}

/** What says nothing of customers may be said to whoever is there. */
function isConfidential({ recipient, notices }: OutgoingMessage): boolean {
  const isOpen = ({ kind, details }: Notice) =>
    kind === "outage" || kind === "outage-end" || (kind === "report" && !details.namesCustomers);
  return "roomId" in recipient && !notices.every(isOpen);
}

/** Alerts that have a card from before, be it the digest of their storm: it shows what is no longer so. */
function olderCards({ form, queue, notified, notices }: OutgoingMessage): readonly number[] {
  const joinsStorm = form === "storm" && queue.storm !== undefined;
  const known = new Set(notified.map(({ alertId }) => alertId));
  return notices.map(({ alertId }) => alertId).filter((id) => id !== 0 && (joinsStorm || known.has(id)));
}

/** What concerns this message or this space alone says nothing of how Webex fares. */
export async function postedOrRefusal(call: Promise<PostedMessage>): Promise<PostedMessage | DeliveryFailure> {
  try {
    return await call;
  } catch (error) {
    const setback = toDeliveryFailure(error);
    if (setback.kind === "gone" || setback.kind === "refused") return setback;
    throw error;
  }
}

/** Why a message did not get through (ALERTS 29). Throws what is no failure of the world outside. */
export function toDeliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof Failure)) throw error;
  const { code, retryable, outcomeUnknown, retryAfter = DEFAULT_WAIT_S } = error;
  if (code === "webex.busy") return { kind: "busy", waitMs: retryAfter * 1_000 };
  if (code === "webex.unauthorized") return { kind: "unauthorized" };
  if (code === "webex.forbidden" || code === "webex.not_found") return { kind: "gone" };
  return retryable || outcomeUnknown ? { kind: "retryable", possiblySent: outcomeUnknown } : { kind: "refused" };
}

const DEFAULT_WAIT_S = 5;
