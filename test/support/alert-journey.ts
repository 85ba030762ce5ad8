import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import { type Journey, startJourney } from "./journey.ts";
import type { Message, Person } from "./person.ts";

/** What these helpers need of a journey. */
type Twins = Pick<Journey, "botId" | "groupRoom" | "world" | "person" | "changeCustomer">;

/** Windows as in production, which pass when the test advances the clock, while the bot sweeps and polls all the time. */
export const PRODUCTION_WINDOWS = {
  SWEEP_INTERVAL: "500ms",
  WATCH_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
} as const;

/** Windows so short that a test can wait for them. */
export const SHORT_INTERVALS = { ...PRODUCTION_WINDOWS, GROUP_WAIT: "200ms", GROUP_INTERVAL: "200ms" } as const;

/** Twins in which nothing is in error yet, and a bot on them. */
export async function startHealthyJourney(
  env: Record<string, string> = SHORT_INTERVALS,
  options: SandboxOptions = {},
): Promise<Journey> {
  const journey = await startJourney({ customers: 40, ...options });
  await journey.runScenario("heal-all");
  await journey.startBot(env);
  return journey;
}

/** A group space of its own, with the bot and these people in it, once the bot has greeted. */
export async function createSpace(journey: Twins, creator: Person, ...others: readonly Person[]): Promise<string> {
  const { roomId } = await addBotToNewRoom(journey, creator, ...others);
  await creator.waitForMessage(roomId, /Hello/);
  return roomId;
}

/** The same, without waiting for the bot. */
export async function addBotToNewRoom(journey: Twins, creator: Person, ...others: readonly Person[]) {
  const { id: roomId } = await creator.call<{ id: string }>("POST", "/rooms", { title: "Test" });
  for (const { personId } of others) await creator.call("POST", "/memberships", { roomId, personId });
  const membership = { roomId, personId: journey.botId };
  const { id: membershipId } = await creator.call<{ id: string }>("POST", "/memberships", membership);
  return { roomId, membershipId };
}

/** The first message of a watch: what is in error already. */
export const BASELINE = /^.?.?Watching \d/;

/** An operator sets a watch up in a space; then everything that the bot posts there from its baseline card on is at hand. */
export async function watchIn(journey: Twins, filter = "", roomId = journey.groupRoom) {
  const owner = journey.person("operator");
  const idsInRoom = async () => new Set((await owner.fromBot(roomId)).map(({ id }) => id));
  const before = await idsInRoom();
  const preview = await owner.ask(`watch ${filter}`.trim(), { roomId });
  await owner.press(preview, "Watch");
  const baseline = await owner.waitForMessage(roomId, ({ id, text = "" }) => !before.has(id) && BASELINE.test(text));
  const known = await idsInRoom();

  /** The bot's messages since the baseline card: all, those with this text, or those that match. */
  async function newMessages(about: string | RegExp = ""): Promise<readonly Message[]> {
    const isAbout = (text: string) => (about instanceof RegExp ? about.test(text) : text.includes(about));
    return (await owner.fromBot(roomId)).filter(({ id, text = "" }) => !known.has(id) && isAbout(text));
  }

  return {
    owner,
    roomId,
    preview,
    baseline,
    ask: (text: string) => owner.ask(text, { roomId }),
    newMessages,
    /** Waits for such a message; with a customer's id for one that names it. */
    waitFor: (pattern: RegExp, id = "") =>
      owner.waitForMessage(
        roomId,
        (message) => !known.has(message.id) && pattern.test(message.text ?? "") && message.text?.includes(id) === true,
      ),
    /** Waits for a reply in the thread of this card. */
    waitForReply: (card: Message, pattern: RegExp) =>
      owner.waitForMessage(roomId, ({ parentId, text = "" }) => parentId === card.id && pattern.test(text)),
    waitForEdit: owner.waitForEdit,
  };
}

export type WatchedRoom = Awaited<ReturnType<typeof watchIn>>;

/** A space of its own that watches one customer, and the calls that break and heal that customer. */
export async function watchOneCustomer(journey: Twins, ...others: readonly Person[]) {
  const one = pickCustomer(journey);
  const roomId = await createSpace(journey, journey.person("operator"), ...others);
  return { ...one, ...(await watchIn(journey, `externalId=${one.id}`, roomId)) };
}

/** A healthy customer that no other test touches, by its external id, and the calls that break and heal its first package. */
export function pickCustomer(journey: Twins) {
  const [customer] = pickCustomers(journey, 1);
  if (customer === undefined) throw new Error("No customer is healthy any more.");
  return customer;
}

export function pickCustomers(journey: Twins, count: number) {
  const used = usedCustomers.get(journey) ?? new Set();
  usedCustomers.set(journey, used);
  const found: WireCustomer[] = [];
  for (const { customer } of journey.world.customers.matching({})) {
    if (isHealthy(customer) && !used.has(customer.id)) found.push(customer);
    if (found.length === count) break;
  }
  for (const { id } of found) used.add(id);
  return found.map((customer) => packageControls(journey, customer));
}

const usedCustomers = new WeakMap<Twins, Set<string>>();

const isHealthy = ({ status, resourceDetails: { packages } }: WireCustomer) =>
  status === "provisioned" && packages.every((one) => one.status === "provisioned");

function packageControls(journey: Twins, { id, externalId = "", resourceDetails }: WireCustomer) {
  const name = resourceDetails.packages[0]?.name ?? "webex_calling";
  const change = (body: object) => journey.changeCustomer(id, body);
  const changePackage = (item: object | null) => change({ packages: { [name]: item } });
  const set = (status: string, errors: readonly object[] = []) => changePackage({ status, errors });
  return {
    id: externalId,
    name,
    change,
    changePackage,
    fail: (code = 10022) => set("error", [{ errorCode: code, description: `Failed for reason ${code}.` }]),
    retry: () => set("provisioning"),
    heal: () => set("provisioned"),
  };
}

/** The first line: what a locked phone shows. */
export const firstLineOf = ({ text = "" }: Message): string => text.split("\n")[0] ?? "";

/** The number of the alert that a message is about. */
export const alertNumberOf = ({ text = "" }: Message): string => /alert (\d+)/.exec(text)?.[1] ?? "";
