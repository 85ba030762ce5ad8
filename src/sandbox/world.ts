import type { Clock } from "../domain/ports.ts";
import { type Call, createCalls } from "./calls.ts";
import { createDice, type Dice } from "./dice.ts";
import { createFaults } from "./faults.ts";
import { createFeed } from "./feed.ts";
import { uuidOf, webexId } from "./ids.ts";
import { createPeople, type Person } from "./people.ts";
import type { Happening } from "./records.ts";
import { createRegister } from "./register.ts";
import { createRooms } from "./rooms.ts";
import { NOTHING_SEEN, reportOf, see } from "./seeing.ts";
import { createTimeline } from "./timeline.ts";
import { createTokens } from "./tokens.ts";
import { createWebhooks } from "./webhooks.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly customers: number;
  readonly clock: Clock;
  /** How long a refreshed Wholesale access token lives. */
  readonly tokenLifeSeconds: number;
  /** What the bot is to keep to with its Wholesale token. */
  readonly callsPerMinute: number;
}

/** What the page and the terminal are told besides what happens in the rooms. */
export type News =
  | { readonly type: "call"; readonly data: Call }
  | { readonly type: "webhook"; readonly data: Delivery }
  | { readonly type: "bot"; readonly data: BotNews }
  /** Customers, faults or scenarios are not what they were. */
  | { readonly type: "world" };

/** A call that the twins made to a webhook. */
export interface Delivery {
  readonly time: string;
  readonly resource: string;
  readonly event: string;
  /** 0 when nobody answered. */
  readonly status: number;
  readonly error?: string;
  readonly ms: number;
}

export interface BotNews {
  readonly state: "starting" | "ready" | "stopped" | "none";
  /** Why it stopped. */
  readonly reason?: string;
}

export type World = ReturnType<typeof createWorld>;

/** All there is: people, rooms, what is said, customers, and what is wrong at the moment. */
export function createWorld(options: WorldOptions) {
  const { seed, customers, clock, tokenLifeSeconds } = options;
  const happenings = createFeed<Happening>();
  const news = createFeed<News>();
  const people = createPeople(seed);
  const rooms = createRooms({ clock, announce: happenings.tell });
  const touched = () => news.tell({ type: "world" });
  let made = 0;
  /** Every story has dice of its own, so that what else happens does not change it. */
  const newDice = (): Dice => createDice(seed, 1_000 + made++);
  let seeing = NOTHING_SEEN;
  const world = {
    clock,
    draw: newDice(),
    newDice,
    seed,
    people,
    rooms,
    timeline: createTimeline({ clock, announce: happenings.tell }),
    webhooks: createWebhooks({ clock }),
    customers: createRegister({ seed, size: customers, touched }),
    tokens: createTokens({ clock, lifeSeconds: tokenLifeSeconds }),
    faults: createFaults({ draw: newDice(), changed: touched }),
    calls: createCalls((call) => news.tell({ type: "call", data: call })),
    /** How the bot keeps watch, as far as its calls tell. */
    seeing: () => ({ ...reportOf(seeing, clock()), budget: options.callsPerMinute }),
    happenings,
    news,
  };
  news.listen((told) => {
    if (told.type === "call") seeing = see(seeing, told.data);
  });
  furnish();
  return world;

  /** The rooms that are there at the start. */
  function furnish(): void {
    const [ana, ben] = people.byRole("viewer");
    const noc = [ana, ben, ...people.byRole("operator"), people.admin, people.bot];
    open("Partner war room", [...people.byRole("outsider"), ana, people.bot]);
    open("Wholesale NOC", noc);
  }

  function open(title: string, members: readonly (Person | undefined)[]): void {
    const room = rooms.add(people.admin, {
      title,
      type: "group",
      id: webexId("ROOM", uuidOf(`${seed} room ${title}`)),
    });
    for (const person of members) if (person) rooms.join(room, person, { actorId: people.admin.id });
  }
}
