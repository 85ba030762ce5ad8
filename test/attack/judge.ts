import assert from "node:assert/strict";
import type { Person } from "../support/person.ts";
import { until } from "../support/until.ts";
import type { Arena } from "./arena.ts";

/** Texts that identify one customer. */
export interface Marks {
  readonly id: string;
  readonly texts: readonly string[];
}

/** The customers that exist, or those of one sub-partner. */
export function customersOf({ world }: Arena, subPartnerOrgId?: string): readonly Marks[] {
  return [...world.customers.matching({ subPartnerOrgId })].map(({ customer, name }) => ({
    id: customer.externalId ?? customer.id,
    texts: [customer.id, customer.externalId, customer.orgId, name].flatMap((text) => text ?? []),
  }));
}

/** Fails if the text names one of the customers. */
export function assertNamesNone(text: string, customers: readonly Marks[], where: string): void {
  const named = customers.filter(({ texts }) => texts.some((mark) => text.includes(mark)));
  assert.deepEqual(
    named.map(({ id }) => id),
    [],
    `${where} names customers`,
  );
}

/** The messages that were judged before, so that each attack answers for its own messages. */
const judged = new WeakMap<Arena, Set<string>>();

/** The messages, cards and files that a person can read and that nobody has judged before. */
function newsFor(arena: Arena, { personId }: Person): string {
  const { world } = arena;
  const known = judged.get(arena) ?? new Set();
  judged.set(arena, known);
  const messages = world.rooms.ofPerson(personId).flatMap(({ id }) => world.messages.inRoom(id));
  const fresh = messages.filter(({ id, updated = "" }) => !known.has(id + updated));
  for (const { id, updated = "" } of fresh) known.add(id + updated);
  const files = fresh.flatMap(({ files: list = [] }) => list.map((file) => file.split("/").at(-1) ?? ""));
  const contents = files.map((id) => Buffer.from(world.messages.file(id)?.bytes ?? []).toString());
  return [JSON.stringify(fresh.filter((message) => message.personId === arena.botId)), ...contents].join("\n");
}

/** Fails if the outsider can read a customer anywhere. */
export function assertOutsiderSawNothing(arena: Arena): void {
  assertNamesNone(newsFor(arena, arena.person("outsider")), customersOf(arena), "What the outsider can read");
}

/** Fails if the log has a secret, an address of a person, a customer's name or the text of a card. */
export function assertLogIsClean(arena: Arena, since = 0): void {
  const { world, botEnv, lines } = arena;
  const log = lines.slice(since).join("\n");
  const secrets = ["WEBEX_BOT_TOKEN", "WEBEX_WEBHOOK_SECRET", "WHOLESALE_ACCESS_TOKEN", "WHOLESALE_REFRESH_TOKEN"];
  for (const name of secrets) {
    const secret = botEnv[name];
    if (secret !== undefined) assert.ok(!log.includes(secret), `The log has ${name}.`);
  }
  for (const { email } of world.people.all) assert.ok(!log.includes(email), `The log has the address ${email}.`);
  for (const { name } of world.customers.matching({})) assert.ok(!log.includes(name), `The log has the name ${name}.`);
  assert.doesNotMatch(log, /AdaptiveCard|TextBlock/, "The log has a card.");
}

/** Asks in a space, and waits for an answer that matches: other answers may come before. */
export async function askFor(person: Person, roomId: string, text: string, expected: RegExp): Promise<void> {
  const { created } = await person.send(text, { roomId });
  await until(async () => {
    const later = (await person.fromBot(roomId)).filter((message) => message.created >= created);
    assert.ok(
      later.some(({ text: said = "" }) => expected.test(said)),
      `“${text}” is answered: ${later.at(-1)?.text}`,
    );
  });
}

/** Waits until the bot has done with everything that the viewer, or nobody who is known, sent before in this space. */
export const fence = ({ person }: Arena, roomId: string): Promise<void> =>
  askFor(person("viewer"), roomId, "help", /What this bot can do/);

/** A question of an insider is answered, so the bot still works. */
export async function assertAnswers({ person }: Arena): Promise<void> {
  const { text = "" } = await person("viewer", 1).ask("customers");
  assert.match(text, /customers/, `The bot answers a question with: ${text}`);
}
