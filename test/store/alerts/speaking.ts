import type { Flush } from "../../../src/domain/alerting.ts";
import type { Setback } from "../../../src/domain/notices/outbox.ts";
import type { AbsenceFound } from "../../../src/domain/snapshot.ts";
import { EVERYTHING, MINUTE, only } from "../../support/alerts.ts";
import type { World } from "../../support/book.ts";
import { type Told, toldBy } from "./postman.ts";
import type { Stage } from "./stage.ts";

/** A history that is played through a real store. */
export interface Play {
  stage: Stage;
  /** Ends the process in its tracks; the next one finds what is on the disk. */
  readonly restart: (stage: Stage) => Promise<Stage>;
  /** What the process that runs now is sending, by space. */
  readonly underWay: Map<string, UnderWay>;
  readonly posts: Post[];
  /** Of which alerts a message was given up, by space. */
  readonly dead: Set<string>;
  world: World;
  /** Whom the last sweep missed. */
  missed: AbsenceFound;
}

interface UnderWay {
  readonly flush: Flush;
  isPosted: boolean;
}

/** A message as a space has it. */
export interface Post extends Told {
  readonly at: number;
  readonly isRepeat: boolean;
}

/** What is said in a space, and what is sent to it. */
export async function speak(play: Play, room: string, words: string): Promise<void> {
  const { stage, underWay } = play;
  if (words === "delivers") {
    for (const next of ["claims", "posts", "commits"]) await speak(play, room, next);
    return;
  }
  if (words === "claims") return claim(play, room);
  const taken = underWay.get(room);
  if (FATES[words] !== undefined) return taken && FATES[words](play, room, taken);
  const [verb = "", what = ""] = words.split(" ");
  await asked(stage, room, verb, what);
}

async function asked(stage: Stage, room: string, verb: string, what: string): Promise<void> {
  const filter = what === "all" ? EVERYTHING : only("externalId", what);
  const { watches, mutes } = await stage.desk(room);
  if (verb === "watches") return stage.watch(room, filter);
  if (verb === "unwatches") return stage.unwatch(room, watches.at(-1)?.number ?? 0);
  if (verb === "mutes") return stage.mute(room, filter);
  if (verb === "unmutes") return stage.unmute(room, mutes.at(-1)?.number ?? 0);
  const alerts = (await stage.all()).map(({ id }) => id);
  const ack = { personId: "olga", name: "Olga", at: stage.clock.now };
  await stage.change(room, { kind: "ack", alerts, ack });
}

/** Takes up what is due to a space, and whatever is due before that. */
async function claim({ stage: { store, clock }, underWay }: Play, room: string): Promise<void> {
  while (!underWay.has(room)) {
    const flush = await store.outbox.claim("postman", clock.now, LONG_MS);
    if (flush === undefined) return;
    underWay.set(toldBy(flush).to, { flush, isPosted: false });
  }
}

/** No lease runs out: that a process is gone is said by a crash. */
const LONG_MS = 365 * 24 * 60 * MINUTE;

type Fate = (play: Play, room: string, taken: UnderWay) => Promise<void>;

/** What may become of a message under way. What was posted already cannot be refused any more. */
const FATES: Readonly<Record<string, Fate>> = {
  async posts(play, _room, taken) {
    deliver(play, taken);
  },
  async commits(play, room, taken) {
    deliver(play, taken);
    play.underWay.delete(room);
    const { store, clock } = play.stage;
    await store.outbox.delivered(taken.flush, { messageId: `m${play.posts.length}` }, clock.now);
  },
  "loses the answer"(play, room, taken) {
    deliver(play, taken);
    return setBack(play, room, { kind: "passing", unsure: true });
  },
  "gets 429": (play, room, taken) =>
    taken.isPosted ? DONE : setBack(play, room, { kind: "busy", waitMs: 2 * MINUTE }),
  "gets 500": (play, room, taken) =>
    taken.isPosted ? DONE : setBack(play, room, { kind: "passing", unsure: false }),
  "gets 400": (play, room, taken) => (taken.isPosted ? DONE : setBack(play, room, { kind: "refused" })),
};

const DONE = Promise.resolve();

/** Puts the message into the space, once. */
function deliver({ posts, stage }: Play, taken: UnderWay): void {
  if (taken.isPosted) return;
  taken.isPosted = true;
  const isRepeat = taken.flush.notices.some(({ maybeSent }) => maybeSent);
  posts.push({ ...toldBy(taken.flush), at: stage.clock.now, isRepeat });
}

async function setBack({ stage, underWay, dead }: Play, room: string, setback: Setback): Promise<void> {
  const taken = underWay.get(room);
  underWay.delete(room);
  if (taken === undefined) return;
  const become = await stage.store.outbox.setBack(taken.flush, setback, stage.clock.now, 0.5);
  if (become !== "dead") return;
  for (const { alertId } of taken.flush.notices) dead.add(`${room} ${alertId}`);
}
