import type { DeliveryFailure } from "../../../src/domain/alerts/notice.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { CUSTOMER_ITEM } from "../../../src/domain/customers/record.ts";
import { fieldFilter, MINUTE, NO_FILTER } from "../../support/alert-fixtures.ts";
import { type AlertModel, type CustomerStatuses, createAlertModel } from "../../support/alert-model.ts";
import { advanceTo, applyCommand } from "../../support/alert-model-commands.ts";
import { claim, delivered, deliveryFailed, type OutgoingMessage, restart } from "../../support/alert-model-delivery.ts";
import { type Crawl, lookup, observeCrawl, recordFailure } from "../../support/alert-model-observing.ts";

/**
 * The steps of a history, each a few words, so that what a property shrinks to can be read:
 *
 *     ["acme.calling error", "sweep", "+1m", "hq claims", "hq posts", "crash", "hq delivers"]
 *
 * The world, the book and the spaces are three different things: a space knows what was posted to it, and nothing else.
 */
export interface Run {
  readonly world: CustomerStatuses;
  readonly model: AlertModel;
  /** What the process that runs now is sending to each space. */
  readonly inFlight: Readonly<Record<string, InFlightMessage>>;
  readonly posts: readonly Post[];
}

interface InFlightMessage {
  readonly sending: OutgoingMessage;
  readonly isPosted: boolean;
}

/** A message as a space has it. */
export interface Post extends OutgoingMessage {
  readonly at: number;
  /** As it says itself; the one before may never have come. */
  readonly isRepeat: boolean;
}

export const ROOMS = ["hq", "lab"] as const;
export const CUSTOMERS = ["acme", "bolt"] as const;
export const ITEMS = [CUSTOMER_ITEM, "calling", "suite"] as const;
/** Enough customers for a storm. */
const CROWD = Array.from({ length: 11 }, (_, at) => `crowd${at}`);

/** Two spaces that watch everything, a world in which all is well, and nothing read of it yet. */
export function createRun(): Run {
  const model = ROOMS.reduce((so, room) => watchedBy(so, room, "all"), createAlertModel(ROOMS));
  const world = Object.fromEntries(CUSTOMERS.map((id) => [id, { calling: "provisioned" }]));
  return { world, model, inFlight: {}, posts: [] };
}

export function applyStep(run: Run, event: string): Run {
  const [subject = "", ...rest] = event.split(" ");
  const { model } = run;
  const walk = CRAWLS[event]?.(run);
  if (walk !== undefined) return { ...run, model: observeCrawl(model, walk) };
  if (event === "lookup") return { ...run, model: lookup(model, run.world) };
  if (event === "refused") return { ...run, model: advanceTo(recordFailure(model, UNAUTHORIZED)) };
  if (event === "crash") return { ...run, inFlight: {}, model: restart(model) };
  if (event.startsWith("+")) return { ...run, model: advanceTo(model, model.now + spanOf(event)) };
  if (ROOMS.some((room) => room === subject)) return applyRoomStep(run, subject, rest.join(" "));
  return { ...run, world: changed(run.world, subject, rest.join(" ")) };
}

const UNAUTHORIZED = { cause: "wholesale.unauthorized", refused: true };

const CRAWLS: Readonly<Record<string, (run: Run) => Crawl>> = {
  sweep: ({ world }) => ({ kind: "sweep", customers: world, end: "complete" }),
  "sweep breaks off": ({ world }) => ({ kind: "sweep", customers: half(world), end: "failed" }),
  "suspect sweep": ({ world }) => ({ kind: "sweep", customers: half(world), end: "suspect" }),
  look: (run) => ({ kind: "quick-poll", customers: unhealthyIn(run), end: "complete" }),
  "look breaks off": (run) => ({ kind: "quick-poll", customers: half(unhealthyIn(run)), end: "failed" }),
};

function half(world: CustomerStatuses): CustomerStatuses {
  const all = Object.entries(world);
  return Object.fromEntries(all.slice(0, Math.ceil(all.length / 2)));
}

/** What a look sees: those that are listed as unwell, and those whose alerts are open. */
function unhealthyIn({ world, model }: Run): CustomerStatuses {
  const open = new Set(model.alerts.filter(({ state }) => state !== "closed").map(({ key }) => key.customerId));
  const isUnwell = ([id, items]: [string, object]) => open.has(id) || Object.values(items).includes("error");
  return Object.fromEntries(Object.entries(world).filter(isUnwell));
}

function spanOf(event: string): number {
  return Number.parseInt(event, 10) * (event.endsWith("h") ? 60 : 1) * MINUTE;
}

function changed(world: CustomerStatuses, subject: string, status: string): CustomerStatuses {
  if (subject === "crowd") return { ...world, ...Object.fromEntries(CROWD.map((id) => [id, { calling: status }])) };
  const [id = "", item] = subject.split(".");
  const { [id]: customer = {}, ...others } = world;
  if (item === undefined) return others;
  const { [item]: _, ...items } = customer;
  return { ...others, [id]: status === "gone" ? items : { ...items, [item]: status } };
}

/** What is said in a space, and what is sent to it. */
function applyRoomStep(run: Run, room: string, words: string): Run {
  const { [room]: taken, ...others } = run.inFlight;
  if (words === "delivers")
    return ["claims", "posts", "commits"].reduce((so, next) => applyRoomStep(so, room, next), run);
  if (words === "claims") return taken === undefined ? claimed(run, room) : run;
  const become = DELIVERY_OUTCOMES[words];
  if (become !== undefined) return taken === undefined ? run : become({ ...run, inFlight: others }, taken);
  const [verb = "", what = ""] = words.split(" ");
  return { ...run, model: asked(run.model, room, verb, what) };
}

function asked(book: AlertModel, room: string, verb: string, what: string): AlertModel {
  const { now, rooms } = book;
  const olga = { personId: "olga", name: "Olga", at: now };
  const here = rooms.find(({ roomId }) => roomId === room);
  if (verb === "watches") return watchedBy(book, room, what);
  if (verb === "unwatches")
    return applyCommand(book, room, { kind: "unwatch", number: here?.watches.at(-1)?.number ?? 0 });
  if (verb === "unmutes") return applyCommand(book, room, { kind: "unmute", number: here?.mutes.length ?? 0 });
  if (verb === "acks")
    return applyCommand(book, room, { kind: "ack", alerts: book.alerts.map(({ id }) => id), ack: olga });
  const span = { from: now, until: now + 60 * MINUTE };
  const mute = { filter: filterOf(what), ...span, because: "works", personId: "olga", by: "Olga" };
  return applyCommand(book, room, { kind: "mute", mute });
}

function watchedBy(book: AlertModel, room: string, what: string): AlertModel {
  return applyCommand(book, room, {
    kind: "watch",
    filter: filterOf(what),
    options: NO_WATCH_OPTIONS,
    ownerId: "olga",
  });
}

const filterOf = (what: string) => (what === "all" ? NO_FILTER : fieldFilter("externalId", what));

function claimed(run: Run, room: string): Run {
  const { book: model, sending } = claim(run.model, room);
  if (sending === undefined) return { ...run, model };
  return { ...run, model, inFlight: { ...run.inFlight, [room]: { sending, isPosted: false } } };
}

/** What may become of a message under way, which is taken out of `run`. */
const DELIVERY_OUTCOMES: Readonly<Record<string, (run: Run, taken: InFlightMessage) => Run>> = {
  posts: (run, taken) => keepInFlight(post(run, taken), { ...taken, isPosted: true }),
  commits: (run, taken) => {
    const done = post(run, taken);
    return { ...done, model: delivered(done.model, taken.sending) };
  },
  "loses the answer": (run, taken) => {
    const done = post(run, taken);
    return {
      ...done,
      model: deliveryFailed(done.model, taken.sending, { kind: "retryable", possiblySent: true }, 0.5),
    };
  },
  "gets 429": (run, taken) => rejected(run, taken, { kind: "busy", waitMs: 2 * MINUTE }),
  "gets 500": (run, taken) => rejected(run, taken, { kind: "retryable", possiblySent: false }),
  "gets 400": (run, taken) => rejected(run, taken, { kind: "refused" }),
};

/** Puts the message into the space, once. */
function post(run: Run, { sending, isPosted }: InFlightMessage): Run {
  const isRepeat = sending.notices.some(({ possiblySent }) => possiblySent);
  return isPosted ? run : { ...run, posts: [...run.posts, { ...sending, at: run.model.now, isRepeat }] };
}

/** What was posted already cannot be refused any more. */
function rejected(run: Run, taken: InFlightMessage, setback: DeliveryFailure): Run {
  if (taken.isPosted) return keepInFlight(run, taken);
  return { ...run, model: deliveryFailed(run.model, taken.sending, setback, 0.5) };
}

function keepInFlight(run: Run, taken: InFlightMessage): Run {
  return { ...run, inFlight: { ...run.inFlight, [taken.sending.roomId]: taken } };
}
