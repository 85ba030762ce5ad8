import { randomUUID } from "node:crypto";
import type { Clock } from "../../domain/ports/runtime.ts";
import { type Behaviour, createBehaviour } from "./behaviour.ts";
import { activityReport, NO_ACTIVITY, recordCall } from "./bot-activity.ts";
import { type Call, createCallLog, type WebhookDelivery } from "./call-log.ts";
import { createCustomerRepository } from "./customer-repository.ts";
import { createDeviceStore } from "./device-store.ts";
import { createEmitter } from "./emitter.ts";
import { createFaults } from "./faults.ts";
import { createMessageStore } from "./message-store.ts";
import { createPeople, type Person } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { createRoomStore } from "./room-store.ts";
import { createStatusPage } from "./status-page.ts";
import { type NewId, uuidFromText, webexId } from "./webex-ids.ts";
import type { WebexEvent } from "./webex-records.ts";
import { createWebhookStore } from "./webhook-store.ts";
import { createWholesaleTokens } from "./wholesale-tokens.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly customers: number;
  readonly clock: Clock;
  /** The lifetime of a refreshed Wholesale access token. */
  readonly tokenLifeSeconds: number;
  /** The bot's budget of Wholesale calls. */
  readonly callsPerMinute: number;
  /** The differences from the usual behaviour of the APIs. */
  readonly behaviour?: Partial<Behaviour>;
  /**
   * Makes the unique part of new ids; a random UUID when absent. A bot with the database of an earlier run must not take a new
   * message for an old one.
   */
  readonly newUuid?: () => string;
}

/** Events for the page and the terminal, besides the Webex events. */
export type SandboxEvent =
  | { readonly type: "call"; readonly data: Call }
  | { readonly type: "webhook"; readonly data: WebhookDelivery }
  | { readonly type: "bot"; readonly data: BotState }
  /** A device listens by its socket, or does no more. */
  | { readonly type: "device" }
  /** Customers, faults, scenarios or behaviour have changed. */
  | { readonly type: "world" };

/** One delivery to a webhook. */
export interface BotState {
  readonly state: "starting" | "ready" | "stopped" | "none";
  readonly reason?: string;
}

export type World = ReturnType<typeof createWorld>;

/** The state of the sandbox: people, rooms, messages, customers and active faults. */
export function createWorld(options: WorldOptions) {
  const { seed, customers, clock, tokenLifeSeconds, newUuid = randomUUID } = options;
  const newId: NewId = (kind, cluster) => webexId(kind, newUuid(), cluster);
  const webexEvents = createEmitter<WebexEvent>();
  const events = createEmitter<SandboxEvent>();
  const people = createPeople(seed);
  const rooms = createRoomStore({ clock, publish: webexEvents.emit, newId });
  const onChange = () => events.emit({ type: "world" });
  let randomCount = 0;
  /** Each scenario has random numbers of its own, so that nothing else changes its course. */
  const newRandom = (): Random => createRandom(seed, 1_000 + randomCount++);
  let activity = NO_ACTIVITY;
  const world = {
    clock,
    newId,
    random: newRandom(),
    newRandom,
    people,
    rooms,
    messages: createMessageStore({ clock, publish: webexEvents.emit, newId }),
    webhooks: createWebhookStore({ clock, newId }),
    devices: createDeviceStore({ clock, newUuid, onListening: () => events.emit({ type: "device" }) }),
    customers: createCustomerRepository({ seed, size: customers, onChange }),
    tokens: createWholesaleTokens({ clock, lifeSeconds: tokenLifeSeconds, newUuid }),
    faults: createFaults({ random: newRandom(), onChange }),
    behaviour: createBehaviour({ given: options.behaviour, onChange }),
    statusPage: createStatusPage({ clock, onChange }),
    calls: createCallLog({
      onCall: (call) => events.emit({ type: "call", data: call }),
      onWebhook: (delivery) => events.emit({ type: "webhook", data: delivery }),
    }),
    /** The sweeps, quick polls and call rate of the bot, derived from its calls. */
    botActivity: () => ({ ...activityReport(activity, clock()), budget: options.callsPerMinute }),
    webexEvents,
    events,
  };
  events.subscribe((event) => {
    if (event.type === "call") activity = recordCall(activity, event.data);
  });
  addFirstRooms(world, seed);
  return world;
}

/** Creates the rooms of every new world. */
function addFirstRooms({ people, rooms }: Pick<World, "people" | "rooms">, seed: number): void {
  const [ana, ben] = people.byRole("viewer");
  const noc = [ana, ben, ...people.byRole("operator"), people.admin, people.bot];
  const addRoom = (title: string, members: readonly (Person | undefined)[]): void => {
    const id = webexId("ROOM", uuidFromText(`${seed} room ${title}`));
    const room = rooms.add(people.admin, { title, type: "group", id });
    for (const person of members) if (person) rooms.join(room, person, { actorId: people.admin.id });
  };
  addRoom("Partner war room", [...people.byRole("outsider"), ana, people.bot]);
  addRoom("Wholesale NOC", noc);
}
