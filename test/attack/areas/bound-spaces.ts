import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import type { Message } from "../../support/person.ts";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { assertNamesNone, customersOf, fence, type Marks } from "../judge.ts";
import { json, matches } from "../proxy.ts";

/** The customers of other sub-partners and of none. */
function foreignTo(arena: Arena, subPartnerOrgId: string): readonly Marks[] {
  const own = new Set(customersOf(arena, subPartnerOrgId).map(({ id }) => id));
  return customersOf(arena).filter(({ id }) => !own.has(id));
}

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const [admin, viewer, operator] = [arena.person("admin"), arena.person("viewer"), arena.person("operator")];
  const [partner, other] = arena.world.customers.subPartners;
  assert.ok(partner && other);
  const foreign = foreignTo(arena, partner.orgId);
  const victims = [...arena.world.customers.matching({ subPartnerOrgId: other.orgId })];
  const victim = victims[0]?.customer;
  const name = victims[0]?.name ?? "";
  assert.ok(victim);

  const newRoom = () => createSpace(arena, viewer, admin, operator);
  const bind = (roomId: string) => admin.ask(`use subpartner=${partner.orgId}`, { roomId });
  // A card of before, with rows and buttons of everybody's customers.
  const roomId = await newRoom();
  const before = await viewer.ask("customers", { roomId });
  const alertsBefore = await operator.ask("alerts", { roomId });
  await bind(roomId);
  await arena.waitForSweeps();
  await arena.waitForSweeps();
  let seen = new Set((await viewer.fromBot(roomId)).map(({ id }) => id));

  /** The words of the bot in the space since the last attack, by new messages and by edits. */
  async function news(): Promise<readonly Message[]> {
    await fence(arena, roomId);
    const messages = await viewer.fromBot(roomId);
    const fresh = messages.filter(({ id }) => !seen.has(id));
    seen = new Set(messages.map(({ id }) => id));
    return fresh;
  }
  const attack = (title: string, run: () => Promise<unknown>, asked: readonly string[] = []): Attack => ({
    name: title,
    async run() {
      await run();
      const said = await news();
      // The words of the person are quoted; nothing else of that customer may be there.
      const known = foreign.map(({ id, texts }) => ({ id, texts: texts.filter((text) => !asked.includes(text)) }));
      assertNamesNone(JSON.stringify(said), known, "The bound space");
    },
  });
  const typed = (text: string, asked: readonly string[] = []) =>
    attack(`“${text}”`, () => operator.ask(text, { roomId }), asked);
  const pressed = (title: string, card: Message, inputs: object, asked: readonly string[] = []) =>
    attack(
      title,
      () => operator.call("POST", "/attachment/actions", { type: "submit", messageId: card.id, inputs }),
      asked,
    );

  const ids = [victim.id, victim.externalId ?? "", victim.orgId ?? ""];
  return [
    typed("customers"),
    typed("customers page=2"),
    typed("customers page=999"),
    typed("customers status=error"),
    typed("errors"),
    typed("summary"),
    typed("changes since=2h"),
    typed("trend"),
    typed("alerts"),
    typed("alerts over since=24h"),
    typed("handover"),
    typed("verify"),
    typed("outbox"),
    typed("status"),
    typed("watches"),
    typed("subpartners"),
    typed("find"),
    typed("export"),
    typed(`customer ${ids[0]}`, ids),
    typed(`customer ${ids[1]}`, ids),
    typed(`customer id=${ids[0]}`, ids),
    typed(`customer orgId=${ids[2]}`, ids),
    typed(`customer externalId="${ids[1]}"`, ids),
    typed(`customer ${name}`, [name, ...ids]),
    typed(`customer ${name.slice(0, 5)}`, []),
    typed(`history ${ids[1]}`, ids),
    typed(`follow ${ids[1]}`, ids),
    typed(`customers externalId=${ids[1]}`, ids),
    typed(`customers orgId=${ids[2]}`, ids),
    typed(`export id=${ids[0]}`, ids),
    typed(`customers subpartner=${other.orgId}`),
    typed("customers onBehalfOfSubPartnerOrgId="),
    typed(`${name.slice(0, 6)}*`),
    typed("*"),
    typed("open 1"),
    typed("open 7"),
    typed("open 40"),
    typed("alert 1"),
    typed("alert 2"),
    typed("alert 3"),
    typed("ack 1"),
    typed("ack all"),
    typed("unack 1"),
    typed(`watch externalId=${ids[1]}`, ids),
    typed("watch confirm=yes"),
    typed(`mute externalId=${ids[1]} for=1h`, ids),
    typed("digest daily 09:00"),
    typed("use subpartner=no-such-partner"),
    typed("use subpartner="),
    pressed("the button “Next” of a card from before the binding", before, { command: "customers page=2" }),
    pressed(
      "the picker of a card from before the binding",
      before,
      { command: "open", customer: victim.id, with: "customer" },
      ids,
    ),
    pressed("a forged button that opens a foreign customer", before, { command: `customer id=${victim.id}` }, ids),
    pressed(
      "a forged button with a sub-partner",
      before,
      { command: "customers", subpartner: other.orgId, onBehalfOfSubPartnerOrgId: other.orgId },
      [other.orgId],
    ),
    pressed("a forged button of an alert card from before", alertsBefore, { command: "alerts fresh=yes page=1" }),
    attack("a question in the thread of a card from before", () =>
      operator.call("POST", "/messages", {
        roomId,
        parentId: before.id,
        markdown: `<@personId:${arena.botId}|x> open 1`,
      }),
    ),
    attack("links to next pages without parameters", async () => {
      await arena.addFault({ api: "wholesale", bareLinks: true });
      for (const page of [1, 2, 3]) await operator.ask(`customers fresh=yes page=${page}`, { roomId });
    }),
    attack("links to next pages of another sub-partner", async () => {
      arena.proxy.intercept(async (call, forward) => {
        if (!matches(call, "GET", "/wholesale/customers")) return undefined;
        const { status, body = "", headers = {} } = await forward();
        const link = `<${arena.proxy.url}/v1/wholesale/customers?offset=1&onBehalfOfSubPartnerOrgId=${other.orgId}>; rel="next"`;
        return { status, body, headers: { ...headers, link } };
      });
      for (const page of [1, 2, 3])
        await operator.ask(`customers status=provisioned fresh=yes page=${page}`, { roomId });
    }),
    attack("a foreign error while the space watches everything of its own", async () => {
      await arena.changeCustomer(victim.id, { packages: { webex_calling: { status: "error" } } });
      await arena.waitForSweeps();
      await arena.waitForQuickPolls();
    }),
    attack("an answer by id with the customer of somebody else", async () => {
      const [own] = arena.world.customers.matching({ subPartnerOrgId: partner.orgId });
      arena.proxy.intercept((call) => (matches(call, "GET", /^\/wholesale\/customers\/./) ? json(victim) : undefined));
      await operator.ask(`customer ${own?.customer.id} fresh=yes`, { roomId });
    }),
    attack("the space that was bound, under another id", async () => {
      await arena.control("POST", `/rooms/${roomId}/migrate`, {});
      const moved = arena.world.rooms.ofPerson(arena.botId).at(-1)?.id ?? "";
      const answer = await operator.ask("customers", { roomId: moved });
      assertNamesNone(JSON.stringify(answer), foreign, "The space under its new id");
      throw Object.assign(new Error("moved"), { moved });
    }),
  ].slice(0, -1);
}

export const boundSpaces: Area = {
  name: "bound spaces",
  judged: "everything that the bot posts into a space bound to a sub-partner names no customer of another one",
  attacks: attacksOf,
};
