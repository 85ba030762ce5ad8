import { applyCustomerChange, type CustomerChange, newCustomer } from "../../src/sandbox/world/customer-changes.ts";
import type { CustomerEntry } from "../../src/sandbox/world/customer-generator.ts";
import type { World } from "../../src/sandbox/world/world.ts";
import type { Action } from "./action.ts";
import { isPost, type NetworkFault } from "./faults.ts";
import { createClient } from "./people.ts";
import type { Played } from "./simulation.ts";

/** Does what a step of a history says. What it begins for a while ends by the clock of the world. */
export async function performAction(played: Played, action: Action): Promise<void> {
  const perform = ACTIONS[action.kind] as (played: Played, action: Action) => void | Promise<void>;
  await perform(played, action);
}

type Actions = {
  readonly [K in Action["kind"]]: (played: Played, action: Extract<Action, { kind: K }>) => void | Promise<void>;
};

const ACTIONS: Actions = {
  package({ world }, { place, item, status, code }) {
    changeAt(world, place, (entry) => packageChange(entry, item, itemChange(status, code)));
  },
  "add-on"({ world }, { place, status, code }) {
    changeAt(world, place, () => ({ addOns: { meetings_toll_dialin: itemChange(status, code) } }));
  },
  storm({ world }, { place, count, code }) {
    for (let i = 0; i < count; i++) {
      changeAt(world, place + i, (entry) => packageChange(entry, 0, itemChange("error", code)));
    }
  },
  "heal all"({ world }) {
    for (const entry of [...world.customers.matching({})]) heal(world, entry);
  },
  "remove customer"({ world }, { place }) {
    const entry = world.customers.at(place);
    if (entry) world.customers.remove(entry.customer.id);
  },
  "remove package"({ world }, { place, item }) {
    changeAt(world, place, (entry) =>
      entry.customer.packages.length > 1 ? packageChange(entry, item, null) : undefined,
    );
  },
  "add customer"({ world }) {
    world.customers.add(newCustomer(world.customers.next(), {}));
  },
  lie({ world, scheduler }, { lie, forMs }) {
    const { id } = world.faults.add({ api: "wholesale", lie });
    void scheduler.sleep(forMs).then(() => world.faults.clear(id));
  },
  fault({ network, scheduler }, { fault, forMs }) {
    network.add(fault);
    void scheduler.sleep(forMs).then(() => network.remove(fault));
  },
  "full disk"({ disk, scheduler }, { forMs }) {
    disk.setDiskFull(true);
    void scheduler.sleep(forMs).then(() => disk.setDiskFull(false));
  },
  crash({ disk, bot, scheduler }, { statements, downMs }) {
    disk.crashBefore(statements, () => {
      bot.crash();
      void scheduler.sleep(downMs).then(bot.start);
    });
  },
  async say(played, { room, text, as }) {
    const roomId = played.rooms[room];
    if (roomId !== undefined) await createClient(played, as ?? "operator").say(roomId, text);
  },
  async press(played, { room, title }) {
    const roomId = played.rooms[room];
    if (roomId !== undefined) await createClient(played, "operator").press(roomId, title);
  },
  "bot leaves"({ world: { rooms, people }, scheduler, rooms: ids }, { room: index, forMs }) {
    const room = rooms.get(ids[index] ?? "");
    const membership = room && rooms.member(room.id, people.bot.id);
    if (room === undefined || membership === undefined) return;
    rooms.leave(membership, people.admin.id);
    void scheduler.sleep(forMs).then(() => rooms.join(room, people.bot, { actorId: people.admin.id }));
  },
  "delete message"({ world: { messages, people }, rooms }, { room }) {
    const told = messages.inRoom(rooms[room] ?? "").filter(({ personId }) => personId === people.bot.id);
    const newest = told.findLast(({ text = "" }) => text.startsWith("✕ Error: "));
    // A moderator may delete what others wrote.
    if (newest) messages.remove(newest, people.admin.id);
  },
  refuse({ network, scheduler }, { status, forMs }) {
    const fault: NetworkFault = { api: "webex", share: 1, status, slowMs: 0, concerns: isPost };
    network.add(fault);
    void scheduler.sleep(forMs).then(() => network.remove(fault));
  },
  "lose notices": ({ disk }) => disk.loseNotices(),
  quiet: () => undefined,
};

type ChangeOf = (entry: CustomerEntry) => CustomerChange | undefined;

/** Changes the customer at a place, if there is one. */
function changeAt({ customers }: World, place: number, changeOf: ChangeOf): void {
  const entry = customers.at(place);
  const change = entry && changeOf(entry);
  if (entry && change) customers.replace(entry.customer.id, applyCustomerChange(entry, change));
}

function heal({ customers }: World, entry: CustomerEntry): void {
  const { id, status, resourceDetails } = entry.customer;
  if (status === "provisioned") return;
  const { packages, addOns = [] } = resourceDetails;
  const healed = (items: readonly { readonly name: string }[]) =>
    Object.fromEntries(items.map(({ name }) => [name, { status: "provisioned" }]));
  customers.replace(id, applyCustomerChange(entry, { packages: healed(packages), addOns: healed(addOns) }));
}

type ItemChange = ReturnType<typeof itemChange>;

function packageChange({ customer }: CustomerEntry, item: number, change: ItemChange | null) {
  const name = customer.packages[item % Math.max(1, customer.packages.length)];
  return name === undefined ? undefined : { packages: { [name]: change } };
}

function itemChange(status: string, code: number | undefined) {
  if (code === undefined) return { status };
  return { status, errors: [{ errorCode: code, description: `It failed for reason ${code}.` }] };
}
