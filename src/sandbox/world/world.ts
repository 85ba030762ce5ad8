import type { Clock } from "../../domain/ports/runtime.ts";
import { activityReport, NO_ACTIVITY, recordCall } from "./bot-activity.ts";
import { type Call, createCallLog } from "./call-log.ts";
import { createCustomerRepository } from "./customer-repository.ts";
import { createEmitter } from "./emitter.ts";
import { createFaults } from "./faults.ts";
import { createMessageStore } from "./message-store.ts";
import { createPeople, type Person } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { createRoomStore } from "./room-store.ts";
import { uuidFromText, webexId } from "./webex-ids.ts";
import type { WebexEvent } from "./webex-records.ts";
import { createWebhookStore } from "./webhook-store.ts";
import { createWholesaleTokens } from "./wholesale-tokens.ts";

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
export type SandboxEvent =
  | { readonly type: "call"; readonly data: Call }
  | { readonly type: "webhook"; readonly data: WebhookDelivery }
  | { readonly type: "bot"; readonly data: BotState }
  /** Customers, faults or scenarios are not what they were. */
  | { readonly type: "world" };

/** A call that the twins made to a webhook. */
export interface WebhookDelivery {
  readonly time: string;
  readonly resource: string;
  readonly event: string;
  /** 0 when nobody answered. */
  readonly status: number;
  readonly error?: string;
  readonly ms: number;
}

export interface BotState {
  readonly state: "starting" | "ready" | "stopped" | "none";
  /** Why it stopped. */
  readonly reason?: string;
}

export type World = ReturnType<typeof createWorld>;

/** All there is: people, rooms, what is said, customers, and what is wrong at the moment. */
export function createWorld(options: WorldOptions) {
  const { seed, customers, clock, tokenLifeSeconds } = options;
  const webexEvents = createEmitter<WebexEvent>();
  const events = createEmitter<SandboxEvent>();
  const people = createPeople(seed);
  const rooms = createRoomStore({ clock, announce: webexEvents.emit });
  const onChange = () => events.emit({ type: "world" });
  let made = 0;
  /** Every story has dice of its own, so that what else happens does not change it. */
  const newRandom = (): Random => createRandom(seed, 1_000 + made++);
  let seeing = NO_ACTIVITY;
  const world = {
    clock,
    random: newRandom(),
    newDice: newRandom,
    people,
    rooms,
    messages: createMessageStore({ clock, announce: webexEvents.emit }),
    webhooks: createWebhookStore({ clock }),
    customers: createCustomerRepository({ seed, size: customers, onChange }),
    tokens: createWholesaleTokens({ clock, lifeSeconds: tokenLifeSeconds }),
    faults: createFaults({ random: newRandom(), onChange: onChange }),
    calls: createCallLog((call) => events.emit({ type: "call", data: call })),
    /** How the bot keeps watch, as far as its calls tell. */
    botActivity: () => ({ ...activityReport(seeing, clock()), budget: options.callsPerMinute }),
    happenings: webexEvents,
    news: events,
  };
  events.subscribe((told) => {
    if (told.type === "call") seeing = recordCall(seeing, told.data);
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
      id: webexId("ROOM", uuidFromText(`${seed} room ${title}`)),
    });
    for (const person of members) if (person) rooms.join(room, person, { actorId: people.admin.id });
  }
}
