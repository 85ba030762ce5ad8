import type { Customer } from "../../../src/domain/customers/customer.ts";
import { ROOMS } from "../../domain/notices/steps.ts";
import { customerOf, MINUTE } from "../../support/alerts.ts";
import type { World } from "../../support/book.ts";
import { type Play, speak } from "./speaking.ts";
import type { Stage } from "./stage.ts";

/** Two spaces that watch everything, a world in which all is well, and nothing read of it yet. */
export async function beginPlay(stage: Stage, restart: Play["restart"]): Promise<Play> {
  for (const room of ROOMS) await stage.watch(room);
  const world = { acme: { calling: "provisioned" }, bolt: { calling: "provisioned" } };
  const missed = { absentTwice: [], itemsAbsentTwice: [] };
  return { stage, restart, underWay: new Map(), posts: [], dead: new Set(), world, missed };
}

/**
 * Plays the histories of `test/domain/notices/histories.ts` through a real store: the same words, the same world. One process
 * at a time: a crash leaves its messages under way, and what it had posted is there.
 */
export async function act(play: Play, event: string): Promise<void> {
  const [subject = "", ...rest] = event.split(" ");
  const happen = HAPPENINGS[event];
  if (happen !== undefined) return happen(play);
  if (event.startsWith("+")) return play.stage.wait(spanOf(event));
  if (ROOMS.some((room) => room === subject)) return speak(play, subject, rest.join(" "));
  play.world = changed(play.world, subject, rest.join(" "));
}

const HAPPENINGS: Readonly<Record<string, (play: Play) => Promise<void>>> = {
  async sweep(play) {
    play.missed = await play.stage.sweep(customersIn(play.world));
  },
  async "sweep breaks off"({ stage, world }) {
    await stage.sweep(half(customersIn(world)), { end: { state: "failed", cause: "http.500" } });
  },
  async "suspect sweep"({ stage, world }) {
    await stage.sweep(half(customersIn(world)), { end: { state: "suspect" } });
  },
  async look(play) {
    await play.stage.look(await unwellIn(play));
  },
  async "look breaks off"(play) {
    await play.stage.page(half(await unwellIn(play)));
  },
  async "look-up"({ stage, world, missed: { absentTwice, itemsAbsentTwice } }) {
    const asked = [...new Set([...absentTwice, ...itemsAbsentTwice])];
    const there = customersIn(world).filter(({ id }) => asked.includes(id));
    await stage.lookUp(
      there,
      asked.filter((id) => world[id] === undefined),
    );
  },
  async refused({ stage }) {
    const trouble = { cause: "wholesale.unauthorized", refused: true };
    await stage.store.outbox.noteTrouble("", trouble, stage.clock.now);
    await stage.tick();
  },
  async crash(play) {
    play.underWay.clear();
    play.stage = await play.restart(play.stage);
    play.stage.clock.awakeSince = play.stage.clock.now;
    await play.stage.store.outbox.release();
  },
};

const customersIn = (world: World): readonly Customer[] =>
  Object.entries(world).map(([id, statuses]) => customerOf(id, statuses));

const half = <T>(all: readonly T[]): readonly T[] => all.slice(0, Math.ceil(all.length / 2));

/** What a look sees: those that are listed as unwell, and those that it asks for by id. */
async function unwellIn({ stage, world }: Play): Promise<readonly Customer[]> {
  const asked = new Set(await stage.store.snapshot.unwell(""));
  const isUnwell = (id: string) => asked.has(id) || Object.values(world[id] ?? {}).includes("error");
  return customersIn(world).filter(({ id }) => isUnwell(id));
}

const spanOf = (event: string): number =>
  Number.parseInt(event, 10) * (event.endsWith("h") ? 60 : 1) * MINUTE;

/** Enough customers for a storm. */
const CROWD = Array.from({ length: 11 }, (_, at) => `crowd${at}`);

function changed(world: World, subject: string, status: string): World {
  if (subject === "crowd")
    return { ...world, ...Object.fromEntries(CROWD.map((id) => [id, { calling: status }])) };
  const [id = "", item] = subject.split(".");
  const { [id]: customer = {}, ...others } = world;
  if (item === undefined) return others;
  const { [item]: _, ...items } = customer;
  return { ...others, [id]: status === "gone" ? items : { ...items, [item]: status } };
}
