import type { DeliveryFailure } from "../../../src/domain/alerts/delivery-policy.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { CUSTOMER_ITEM } from "../../../src/domain/customers/record.ts";
import { fieldFilter, NO_FILTER } from "../../support/alert-fixtures.ts";
import { type AlertModel, type CustomerStatuses, createAlertModel } from "../../support/alert-model.ts";
import { advanceTo, applyCommand } from "../../support/alert-model-commands.ts";
import { claim, delivered, deliveryFailed, type OutgoingMessage, restart } from "../../support/alert-model-delivery.ts";
import { type Crawl, lookup, observeCrawl, recordRefusals } from "../../support/alert-model-observing.ts";
import { MINUTE } from "../../support/time.ts";

/**
 * The steps of a history are short texts, so that a shrunk counterexample is readable:
 *
 *     ["acme.calling error", "sweep", "+1m", "hq claims", "hq posts", "crash", "hq delivers"]
 *
 * The world (the API), the model (the bot) and the posts (Webex) are separate: a space knows only what was posted to it.
 */
export interface Run {
  readonly world: CustomerStatuses;
  readonly model: AlertModel;
  /** The claimed message of each space in the present process. */
  readonly inFlight: Readonly<Record<string, InFlightMessage>>;
  readonly posts: readonly Post[];
}

interface InFlightMessage {
  readonly sending: OutgoingMessage;
  readonly isPosted: boolean;
}

/** A message in a space. */
export interface Post extends OutgoingMessage {
  readonly at: number;
  /** It carries the mark "(possibly repeated)"; the first one may never have arrived. */
  readonly isRepeat: boolean;
}

export const ROOMS = ["hq", "lab"] as const;
export const CUSTOMERS = ["acme", "bolt"] as const;
export const ITEMS = [CUSTOMER_ITEM, "calling", "suite"] as const;
/** Enough customers for a storm. */
const CROWD = Array.from({ length: 11 }, (_, at) => `crowd${at}`);

/** Two spaces that watch everything, two customers without errors, and no reading yet. */
export function createRun(): Run {
  const model = ROOMS.reduce((so, room) => watchedBy(so, room, "all"), createAlertModel(ROOMS));
  const world = Object.fromEntries(CUSTOMERS.map((id) => [id, { calling: "provisioned" }]));
  return { world, model, inFlight: {}, posts: [] };
}

export function applyStep(run: Run, event: string): Run {
  const [subject = "", ...rest] = event.split(" ");
  const { model } = run;
  const crawl = CRAWLS[event]?.(run);
  if (crawl !== undefined) return { ...run, model: observeCrawl(model, crawl) };
  if (event === "lookup") return { ...run, model: lookup(model, run.world) };
  if (event === "refused") return { ...run, model: advanceTo(recordRefusals(model)) };
  if (event === "crash") return { ...run, inFlight: {}, model: restart(model) };
  if (event.startsWith("+")) return { ...run, model: advanceTo(model, model.now + spanOf(event)) };
  if (ROOMS.some((room) => room === subject)) return applyRoomStep(run, subject, rest.join(" "));
  return { ...run, world: changedWorld(run.world, subject, rest.join(" ")) };
}

const CRAWLS: Readonly<Record<string, (run: Run) => Crawl>> = {
  sweep: ({ world }) => ({ kind: "sweep", customers: world, end: "complete" }),
  "sweep breaks off": ({ world }) => ({ kind: "sweep", customers: half(world), end: "failed" }),
  "suspect sweep": ({ world }) => ({ kind: "sweep", customers: half(world), end: "suspect" }),
  "quick-poll": (run) => ({ kind: "quick-poll", customers: unhealthyIn(run), end: "complete" }),
  "quick poll breaks off": (run) => ({ kind: "quick-poll", customers: half(unhealthyIn(run)), end: "failed" }),
};

function half(world: CustomerStatuses): CustomerStatuses {
  const all = Object.entries(world);
  return Object.fromEntries(all.slice(0, Math.ceil(all.length / 2)));
}

/** The customers that a quick poll reads: those with an error, and those with an open alert. */
function unhealthyIn({ world, model }: Run): CustomerStatuses {
  const open = new Set(model.alerts.filter(({ state }) => state !== "closed").map(({ key }) => key.customerId));
  const isUnhealthy = ([id, items]: [string, object]) => open.has(id) || Object.values(items).includes("error");
  return Object.fromEntries(Object.entries(world).filter(isUnhealthy));
}

export function spanOf(event: string): number {
  return Number.parseInt(event, 10) * (event.endsWith("h") ? 60 : 1) * MINUTE;
}

export function changedWorld(world: CustomerStatuses, subject: string, status: string): CustomerStatuses {
  if (subject === "crowd") return { ...world, ...Object.fromEntries(CROWD.map((id) => [id, { calling: status }])) };
  const [id = "", item] = subject.split(".");
  const { [id]: customer = {}, ...others } = world;
  if (status === "") throw new Error(`The history has an unknown step: ${subject}`);
  if (item === undefined) return others;
  const { [item]: _, ...items } = customer;
  return { ...others, [id]: status === "gone" ? items : { ...items, [item]: status } };
}

/** A command in a space, or a step of its delivery. */
function applyRoomStep(run: Run, room: string, words: string): Run {
  const { [room]: taken, ...others } = run.inFlight;
  if (words === "delivers")
    return ["claims", "posts", "commits"].reduce((so, next) => applyRoomStep(so, room, next), run);
  if (words === "claims") return taken === undefined ? claimed(run, room) : run;
  const become = DELIVERY_OUTCOMES[words];
  if (become !== undefined) return taken === undefined ? run : become({ ...run, inFlight: others }, taken);
  const [verb = "", what = ""] = words.split(" ");
  return { ...run, model: command(run.model, room, verb, what) };
}

function command(model: AlertModel, room: string, verb: string, what: string): AlertModel {
  const { now, rooms } = model;
  const olga = { personId: "olga", name: "Olga", at: now };
  const here = rooms.find(({ roomId }) => roomId === room);
  if (verb === "watches") return watchedBy(model, room, what);
  if (verb === "unwatches")
    return applyCommand(model, room, { kind: "unwatch", number: here?.watches.at(-1)?.number ?? 0 });
  if (verb === "unmutes") return applyCommand(model, room, { kind: "unmute", number: here?.mutes.length ?? 0 });
  if (verb === "acks")
    return applyCommand(model, room, { kind: "ack", alerts: model.alerts.map(({ id }) => id), ack: olga });
  const span = { from: now, until: now + 60 * MINUTE };
  const mute = { filter: filterOf(what), ...span, because: "works", personId: "olga", by: "Olga" };
  return applyCommand(model, room, { kind: "mute", mute });
}

function watchedBy(model: AlertModel, room: string, what: string): AlertModel {
  return applyCommand(model, room, {
    kind: "watch",
    filter: filterOf(what),
    options: NO_WATCH_OPTIONS,
    ownerId: "olga",
  });
}

const filterOf = (what: string) => (what === "all" ? NO_FILTER : fieldFilter("externalId", what));

function claimed(run: Run, room: string): Run {
  const { model, sending } = claim(run.model, room);
  if (sending === undefined) return { ...run, model };
  return { ...run, model, inFlight: { ...run.inFlight, [room]: { sending, isPosted: false } } };
}

/** The outcomes of a message in flight, which is already removed from `run`. */
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
  "gets 400": (run, taken) => rejected(run, taken, { kind: "rejected" }),
};

/** Posts the message, unless it is posted already. */
function post(run: Run, { sending, isPosted }: InFlightMessage): Run {
  const isRepeat = sending.notices.some(({ possiblySent }) => possiblySent);
  return isPosted ? run : { ...run, posts: [...run.posts, { ...sending, at: run.model.now, isRepeat }] };
}

/** A message that is posted already cannot be refused. */
function rejected(run: Run, taken: InFlightMessage, failure: DeliveryFailure): Run {
  if (taken.isPosted) return keepInFlight(run, taken);
  return { ...run, model: deliveryFailed(run.model, taken.sending, failure, 0.5) };
}

function keepInFlight(run: Run, taken: InFlightMessage): Run {
  return { ...run, inFlight: { ...run.inFlight, [taken.sending.roomId]: taken } };
}
