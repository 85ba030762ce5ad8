import { WHOLE } from "../../../src/domain/customers/record.ts";
import type { Setback } from "../../../src/domain/notices/outbox.ts";
import { EVERYTHING, MINUTE, only } from "../../support/alerts.ts";
import { type Book, openBook, type World } from "../../support/book.ts";
import { change, tick } from "../../support/book-asking.ts";
import { fail, lookUp, read, type Walk } from "../../support/book-seeing.ts";
import { claim, delivered, restart, type Sending, setBack } from "../../support/book-telling.ts";

/**
 * The steps of a history, each a few words, so that what a property shrinks to can be read:
 *
 *     ["acme.calling error", "sweep", "+1m", "hq claims", "hq posts", "crash", "hq delivers"]
 *
 * The world, the book and the spaces are three different things: a space knows what was posted to it, and nothing else.
 */
export interface Run {
  readonly world: World;
  readonly book: Book;
  /** What the process that runs now is sending to each space. */
  readonly underWay: Readonly<Record<string, Taken>>;
  readonly posts: readonly Post[];
}

interface Taken {
  readonly sending: Sending;
  readonly isPosted: boolean;
}

/** A message as a space has it. */
export interface Post extends Sending {
  readonly at: number;
  /** As it says itself; the one before may never have come. */
  readonly isRepeat: boolean;
}

export const ROOMS = ["hq", "lab"] as const;
export const CUSTOMERS = ["acme", "bolt"] as const;
export const ITEMS = [WHOLE, "calling", "suite"] as const;
/** Enough customers for a storm. */
const CROWD = Array.from({ length: 11 }, (_, at) => `crowd${at}`);

/** Two spaces that watch everything, a world in which all is well, and nothing read of it yet. */
export function begin(): Run {
  const book = ROOMS.reduce((so, room) => watchedBy(so, room, "all"), openBook(ROOMS));
  const world = Object.fromEntries(CUSTOMERS.map((id) => [id, { calling: "provisioned" }]));
  return { world, book, underWay: {}, posts: [] };
}

export function step(run: Run, event: string): Run {
  const [subject = "", ...rest] = event.split(" ");
  const { book } = run;
  const walk = WALKS[event]?.(run);
  if (walk !== undefined) return { ...run, book: read(book, walk) };
  if (event === "look-up") return { ...run, book: lookUp(book, run.world) };
  if (event === "refused") return { ...run, book: tick(fail(book, UNAUTHORIZED)) };
  if (event === "crash") return { ...run, underWay: {}, book: restart(book) };
  if (event.startsWith("+")) return { ...run, book: tick(book, book.now + spanOf(event)) };
  if (ROOMS.some((room) => room === subject)) return speak(run, subject, rest.join(" "));
  return { ...run, world: changed(run.world, subject, rest.join(" ")) };
}

const UNAUTHORIZED = { cause: "wholesale.unauthorized", refused: true };

const WALKS: Readonly<Record<string, (run: Run) => Walk>> = {
  sweep: ({ world }) => ({ kind: "sweep", met: world, end: "complete" }),
  "sweep breaks off": ({ world }) => ({ kind: "sweep", met: half(world), end: "failed" }),
  "suspect sweep": ({ world }) => ({ kind: "sweep", met: half(world), end: "suspect" }),
  look: (run) => ({ kind: "look", met: unwellIn(run), end: "complete" }),
  "look breaks off": (run) => ({ kind: "look", met: half(unwellIn(run)), end: "failed" }),
};

function half(world: World): World {
  const all = Object.entries(world);
  return Object.fromEntries(all.slice(0, Math.ceil(all.length / 2)));
}

/** What a look sees: those that are listed as unwell, and those whose alerts are open. */
function unwellIn({ world, book }: Run): World {
  const open = new Set(
    book.alerts.filter(({ state }) => state !== "closed").map(({ key }) => key.customerId),
  );
  const isUnwell = ([id, items]: [string, object]) => open.has(id) || Object.values(items).includes("error");
  return Object.fromEntries(Object.entries(world).filter(isUnwell));
}

function spanOf(event: string): number {
  return Number.parseInt(event, 10) * (event.endsWith("h") ? 60 : 1) * MINUTE;
}

function changed(world: World, subject: string, status: string): World {
  if (subject === "crowd")
    return { ...world, ...Object.fromEntries(CROWD.map((id) => [id, { calling: status }])) };
  const [id = "", item] = subject.split(".");
  const { [id]: customer = {}, ...others } = world;
  if (item === undefined) return others;
  const { [item]: _, ...items } = customer;
  return { ...others, [id]: status === "gone" ? items : { ...items, [item]: status } };
}

/** What is said in a space, and what is sent to it. */
function speak(run: Run, room: string, words: string): Run {
  const { [room]: taken, ...others } = run.underWay;
  if (words === "delivers")
    return ["claims", "posts", "commits"].reduce((so, next) => speak(so, room, next), run);
  if (words === "claims") return taken === undefined ? claimed(run, room) : run;
  const become = FATES[words];
  if (become !== undefined) return taken === undefined ? run : become({ ...run, underWay: others }, taken);
  const [verb = "", what = ""] = words.split(" ");
  return { ...run, book: asked(run.book, room, verb, what) };
}

function asked(book: Book, room: string, verb: string, what: string): Book {
  const { now, rooms } = book;
  const olga = { personId: "olga", name: "Olga", at: now };
  const here = rooms.find(({ roomId }) => roomId === room);
  if (verb === "watches") return watchedBy(book, room, what);
  if (verb === "unwatches")
    return change(book, room, { kind: "unwatch", number: here?.watches.at(-1)?.number ?? 0 });
  if (verb === "unmutes") return change(book, room, { kind: "unmute", number: here?.mutes.length ?? 0 });
  if (verb === "acks")
    return change(book, room, { kind: "ack", alerts: book.alerts.map(({ id }) => id), ack: olga });
  const span = { from: now, until: now + 60 * MINUTE };
  const mute = { filter: filterOf(what), ...span, because: "works", personId: "olga", by: "Olga" };
  return change(book, room, { kind: "mute", mute });
}

function watchedBy(book: Book, room: string, what: string): Book {
  const options = { stuck: false, warnings: false, removed: false };
  return change(book, room, { kind: "watch", filter: filterOf(what), options, ownerId: "olga" });
}

const filterOf = (what: string) => (what === "all" ? EVERYTHING : only("externalId", what));

function claimed(run: Run, room: string): Run {
  const { book, sending } = claim(run.book, room);
  if (sending === undefined) return { ...run, book };
  return { ...run, book, underWay: { ...run.underWay, [room]: { sending, isPosted: false } } };
}

/** What may become of a message under way, which is taken out of `run`. */
const FATES: Readonly<Record<string, (run: Run, taken: Taken) => Run>> = {
  posts: (run, taken) => kept(posted(run, taken), { ...taken, isPosted: true }),
  commits: (run, taken) => {
    const done = posted(run, taken);
    return { ...done, book: delivered(done.book, taken.sending) };
  },
  "loses the answer": (run, taken) => {
    const done = posted(run, taken);
    return { ...done, book: setBack(done.book, taken.sending, { kind: "passing", unsure: true }, 0.5) };
  },
  "gets 429": (run, taken) => refused(run, taken, { kind: "busy", waitMs: 2 * MINUTE }),
  "gets 500": (run, taken) => refused(run, taken, { kind: "passing", unsure: false }),
  "gets 400": (run, taken) => refused(run, taken, { kind: "refused" }),
};

/** Puts the message into the space, once. */
function posted(run: Run, { sending, isPosted }: Taken): Run {
  const isRepeat = sending.notices.some(({ maybeSent }) => maybeSent);
  return isPosted ? run : { ...run, posts: [...run.posts, { ...sending, at: run.book.now, isRepeat }] };
}

/** What was posted already cannot be refused any more. */
function refused(run: Run, taken: Taken, setback: Setback): Run {
  if (taken.isPosted) return kept(run, taken);
  return { ...run, book: setBack(run.book, taken.sending, setback, 0.5) };
}

function kept(run: Run, taken: Taken): Run {
  return { ...run, underWay: { ...run.underWay, [taken.sending.roomId]: taken } };
}
