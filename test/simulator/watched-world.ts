import { applyCustomerChange, type CustomerChange } from "../../src/sandbox/world/customer-changes.ts";
import type { Message } from "../../src/sandbox/world/webex-records.ts";
import type { World } from "../../src/sandbox/world/world.ts";
import { MINUTE } from "../support/time.ts";
import { handOver } from "./network.ts";
import type { Mute } from "./oracle/mutes.ts";
import type { Watcher } from "./oracle/observed.ts";
import { readMessage } from "./oracle/read-message.ts";
import { createOracle } from "./oracle.ts";
import { openSimulation } from "./simulation.ts";

const LAG = { quick: 75_000, sweep: 10.5 * MINUTE, tell: 6 * MINUTE, tellLate: 66 * MINUTE };

/** A world in which nothing is in error, its bot, and a room that watches everything. */
export async function openWatchedWorld(seed: number, customers = 40) {
  const sim = await openSimulation({ seed, customers });
  const { world, server, scheduler, bot } = sim;
  healEverything(world);
  const oracle = createOracle({ server, world, clock: scheduler.clock, lag: LAG, intervalMs: 5 * MINUTE });
  const wait = (ms: number) => scheduler.runUntil(scheduler.clock() + ms);
  const [operator] = world.people.byRole("operator");
  const roomId = world.rooms.ofPerson(operator?.id ?? "").find(({ type }) => type === "group")?.id ?? "";
  const call = async (method: string, path: string, body: object, token = operator?.token): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const request = { method, path: `/v1${path}`, headers, body: Buffer.from(JSON.stringify(body)) };
    await scheduler.runUntilSettled(handOver(server, request, "127.0.0.1:4000"));
    await wait(10_000);
  };
  const post = (path: string, body: object, token?: string) => call("POST", path, body, token);
  const ask = (text: string) =>
    post("/messages", { roomId, markdown: `<@personId:${world.people.bot.id}|Wholesale> ${text}` });
  bot.start();
  await wait(2 * MINUTE);
  await ask("watch");
  const preview = world.messages.inRoom(roomId).find(({ attachments }) => attachments !== undefined);
  await post("/attachment/actions", { type: "submit", messageId: preview?.id, inputs: dataOf(preview, "Watch") });
  await wait(MINUTE);
  const mutes: Mute[] = [];
  const presses: number[] = [];
  const since = scheduler.clock() - 1;
  const watcher: Watcher = { roomId, since, wants: ({ item }) => item !== "webex_suite", mutes, presses };
  return {
    ...sim,
    mutes,
    presses,
    wait,
    ask,
    /** The next message of the bot, written by somebody else. */
    forge: (text: string) => post("/messages", { roomId, text }, world.people.bot.token),
    /** Edits the message of the bot with this text. */
    forgeEdit: async (before: string, text: string) => {
      const edited = world.messages.inRoom(roomId).find((one) => one.text === before);
      await call("PUT", `/messages/${edited?.id}`, { roomId, text }, world.people.bot.token);
    },
    /** The same in the thread of its newest card. */
    forgeReply: (text: string) => {
      const roots = world.messages
        .inRoom(roomId)
        .filter((one) => one.personId === world.people.bot.id && !one.parentId);
      return post("/messages", { roomId, text, parentId: roots[0]?.id }, world.people.bot.token);
    },
    check: () => oracle.checkQuiet([watcher]),
    disturb: oracle.disturb,
    lie: oracle.lie,
    mayRepeat: oracle.mayRepeat,
    reject: (text: string, isReply = false) => oracle.reject({ roomId, reading: readMessage(text), isReply }),
    orderAddOn: (status: string) => orderAddOn(world, status),
    ...callingOf(world, 0),
    second: callingOf(world, 1),
  };
}

function healEverything({ customers }: World): void {
  for (const entry of [...customers.matching({})]) {
    const { packages, addOns = [] } = entry.customer.resourceDetails;
    const healed = (items: typeof packages) => Object.fromEntries(items.map(({ name }) => [name, GOOD]));
    const change = { packages: healed(packages), addOns: healed(addOns), errors: null, status: "provisioned" };
    customers.replace(entry.customer.id, applyCustomerChange(entry, change));
  }
}

const GOOD = { status: "provisioned", errors: [], warnings: [] };

/** The first customer that has none gets an add-on in this status. */
function orderAddOn({ customers }: World, status: string): void {
  const entry = [...customers.matching({})].find(({ customer }) => !customer.resourceDetails.addOns?.length);
  const addOns = { meetings_toll_dialin: { status } };
  if (entry) customers.replace(entry.customer.id, applyCustomerChange(entry, { addOns }));
}

/** Webex Calling of the first customers that have it, by place. */
function callingOf({ customers }: World, place: number) {
  const entry = [...customers.matching({})].filter(({ customer }) => customer.packages.includes("webex_calling"))[
    place
  ];
  const id = entry?.customer.id ?? "";
  const set = (status: string): void => {
    const now = customers.find(id);
    const errors = [{ errorCode: 7000, description: "It failed." }];
    const change: CustomerChange = {
      packages: { webex_calling: status === "provisioned" ? GOOD : { status, errors } },
    };
    if (now) customers.replace(id, applyCustomerChange(now, change));
  };
  return { set, company: entry?.name ?? "" };
}

/** The data that the button of this title on a card sends. */
function dataOf(message: Message | undefined, title: string): unknown {
  const card = message?.attachments?.[0]?.content as { readonly actions?: readonly Button[] } | undefined;
  return card?.actions?.find((action) => action.title === title)?.data;
}

interface Button {
  readonly title: string;
  readonly data: object;
}
