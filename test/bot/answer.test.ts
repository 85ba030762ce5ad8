import { expect, test } from "vitest";
import { createAnswers } from "../../src/bot/answer.ts";
import type { DeliveryOptions } from "../../src/bot/reply-delivery.ts";
import type { Refusal } from "../../src/domain/access.ts";
import { auditedCommand } from "../../src/domain/commands/audited-command.ts";
import { commandOfWord } from "../../src/domain/commands/command-words.ts";
import { format } from "../../src/domain/commands/format.ts";
import { parse } from "../../src/domain/commands/parse.ts";
import { COMMAND_NAMES, COMMANDS } from "../../src/domain/commands/registry.ts";
import type { UserRequest } from "../../src/domain/inbound-event.ts";
import type { PostedCard } from "../../src/domain/ports/messaging.ts";
import type { Person } from "../../src/domain/ports/store.ts";
import { NOW, postedCardOf, replyContext } from "../domain/replies/reply-context.ts";
import { NO_METER } from "../support/meter.ts";
import { NOTHING_LATE } from "../support/under-way.ts";

const ADA: Person = { personId: "ada", email: "ada@home.example", orgId: "home", displayName: "Ada" };
const BOT: Person = { ...ADA, personId: "other bot", email: "other@webex.bot" };
const GUESTS: Refusal = { because: "guests", guests: 1 };

interface Situation {
  readonly sender?: Person;
  readonly card?: PostedCard;
  /** The answers of the gate: before the reply is made, and when it is sent. */
  readonly before?: Refusal;
  readonly atSending?: Refusal;
}

/** Answers one request; returns the titles of what was posted and what the log says. */
async function answered(request: Partial<UserRequest>, { sender = ADA, card, before, atSending }: Situation) {
  const posted: { title: unknown; shown: DeliveryOptions["shown"] }[] = [];
  const events: string[] = [];
  const saved: unknown[] = [];
  const metered: string[] = [];
  const recorded: string[] = [];
  const log = (event: string) => void events.push(event);
  const answers = createAnswers({
    policy: { homeOrgId: "home", emailDomains: [], emails: [], operators: [], admins: [ADA.email] },
    person: async () => sender,
    gate: { refusal: async (_, shown) => (shown === "no customers" ? undefined : before) },
    rooms: {
      scopeOf: async () => "acme",
      reserveDenial: async () => true,
      bind: async () => undefined,
      zoneOf: async () => undefined,
      setZone: async (_roomId, _zone, _now, audit) => void saved.push(audit),
      allow: async (_roomId, _allowed, _by, _now, audit) => void saved.push(audit),
    },
    sources: replyContext({}),
    replyDelivery: {
      targetOf: async () => ({ place: { roomId: "r1" }, ...(card && { card }) }),
      lastList: async () => undefined,
      inView: async () => ({ thread: [], space: [] }),
      async deliver({ view }, { shown, command }) {
        recorded.push(command);
        posted.push({ title: "title" in view ? view.title : view.kind, shown });
        return shown === "no customers" || atSending === undefined ? { cards: [] } : { withheld: atSending };
      },
    },
    underWay: NOTHING_LATE,
    distance: () => 99,
    questionsPerMinute: 30,
    meter: { ...NO_METER, command: (name, outcome) => void metered.push(`${name} ${outcome}`) },
    clock: () => NOW,
    log: { info: log, warn: log, error: log },
  });
  const plain = {
    kind: "request",
    id: "m1",
    text: "watches",
    roomId: "r1",
    isDirect: false,
    senderId: "ada",
    at: NOW,
  } as const;
  const { audit: entry } = await answers.answer({ ...plain, ...request }, { id: 7 });
  return { posted, events, entry, saved, metered, recorded };
}

test("the command and its outcome are counted, whatever the words were", async () => {
  const counted = async (text: string, situation: Situation = {}) => (await answered({ text }, situation)).metered;
  expect(await counted("help")).toEqual(["help answered"]);
  expect(await counted("code=")).toEqual([" misunderstood"]);
  expect(await counted("use all")).toEqual(["use done"]);
  expect(await counted("watches", { before: GUESTS })).toEqual(["watches refused"]);
});

test("each command is counted under the name of a command", () => {
  for (const name of COMMAND_NAMES) {
    const text = COMMANDS[name].words[0] ?? COMMANDS[name].help[0]?.usage ?? name;
    const parsed = parse(text, { distance: () => 99 });
    if (parsed.ok) expect(commandOfWord(auditedCommand(parsed.command).command)).toBeDefined();
  }
});

const PRESS = { pressedMessageId: "card" };

test("a press on a card that is not the bot's own is ignored, whoever pressed", async () => {
  expect(await answered(PRESS, {})).toMatchObject({ posted: [], events: ["press.ignored"] });
  expect(await answered(PRESS, { sender: { ...ADA, orgId: "elsewhere" } })).toMatchObject({ posted: [] });
  expect((await answered(PRESS, { card: postedCardOf("alerts") })).posted).toHaveLength(1);
});

test("a bot gets no answer, not even a denial", async () => {
  expect((await answered({}, { sender: BOT })).posted).toEqual([]);
  expect((await answered({}, { sender: { ...BOT, orgId: "elsewhere" } })).posted).toEqual([]);
  expect((await answered({}, { sender: { ...ADA, email: "eve@x.example", orgId: "elsewhere" } })).posted).toHaveLength(
    1,
  );
});

test("an answer says whose customers it shows, and who asked", async () => {
  const { posted } = await answered({}, {});
  expect(posted).toMatchObject([{ shown: { scopes: ["acme"], asker: { personId: "ada", isDirect: false } } }]);
  expect((await answered({ text: "help" }, {})).posted).toMatchObject([{ shown: "no customers" }]);
  expect((await answered({ text: "?!" }, {})).posted).toMatchObject([{ shown: "no customers" }]);
});

test("neither the record of a card nor the audit keeps a person whom a command names", async () => {
  for (const text of ["subscribers bob@example.com", "forget bob@example.com"]) {
    const { recorded, entry } = await answered({ text }, {});
    expect(JSON.stringify([recorded, entry?.text])).not.toContain("bob");
    expect(recorded).toEqual([text.split(" ")[0]]);
  }
  expect((await answered({ text: "subscribers acme-1" }, {})).recorded).toEqual(["subscribers acme-1"]);
});

test("an answer that binds the space shows the new sub-partner", async () => {
  expect((await answered({ text: "use all" }, {})).posted).toMatchObject([{ shown: { scopes: [""] } }]);
});

test("a guest who is there before the answer, or comes while it is made, gets no customers", async () => {
  const denial = { title: "No customer data in this space", shown: "no customers" };
  expect((await answered({}, { before: GUESTS })).posted).toEqual([denial]);
  expect((await answered({}, { atSending: GUESTS })).posted).toMatchObject([{ shown: { scopes: ["acme"] } }, denial]);
});

test.each(COMMAND_NAMES.filter((name) => COMMANDS[name].confidential))(
  "%s is not answered in front of guests",
  async (name) => {
    const text = COMMANDS[name].words[0] ?? COMMANDS[name].help[0]?.usage ?? name;
    const parsed = parse(text, { distance: () => 99 });
    const { posted } = await answered({ text: parsed.ok ? format(parsed.command) : text }, { before: GUESTS });
    expect(posted.filter(({ shown }) => shown !== "no customers")).toEqual([]);
  },
);

const ADMIN = { role: "admin", person: { personId: "ada", name: "Ada", email: ADA.email }, eventId: 7 } as const;

test.each<[string, Partial<UserRequest>, Situation, object]>([
  ["a question", {}, {}, { ...ADMIN, command: "watches", text: "watches", outcome: "answered", because: "" }],
  ["a question 1:1", { isDirect: true, space: "Ada" }, {}, { space: "1:1", scope: "acme", isPress: false }],
  ["a press", PRESS, { card: postedCardOf("help") }, { ...ADMIN, isPress: true, command: "watches" }],
  [
    "a press on a card of others",
    PRESS,
    {},
    { role: "unknown", person: { personId: "ada", name: "" }, outcome: "ignored" },
  ],
  ["a mistake", { text: "customers stauts=error" }, {}, { ...ADMIN, command: "", text: "", outcome: "misunderstood" }],
  ["a failure", { text: "summary" }, {}, { ...ADMIN, command: "summary", outcome: "failed", because: "reference m1" }],
  ["a guest in the space", {}, { before: GUESTS }, { command: "watches", outcome: "refused", because: "guests" }],
  ["a guest who comes meanwhile", {}, { atSending: GUESTS }, { outcome: "refused", because: "guests" }],
])("the audit has %s", async (_, request, situation, row) => {
  expect((await answered(request, situation)).entry).toMatchObject(row);
});

test("a change is saved with its row, which is not written again; if the answer is withheld, that is a second row", async () => {
  const text = "allow space";
  const { entry, saved } = await answered({ text }, {});
  expect([entry, saved]).toMatchObject([undefined, [{ ...ADMIN, text, outcome: "done" }]]);
  const withheld = await answered({ text: "use all" }, { atSending: GUESTS });
  expect(withheld.entry).toMatchObject({ text: "use subpartner=all", outcome: "refused", because: "guests" });
});

test("the audit has refusals: by role, of a stranger, of a bot; of these two only the kind of command", async () => {
  const viewer = { ...ADA, email: "vera@home.example" };
  const text = "drill";
  const refused = { outcome: "refused", command: "drill", text: "drill" };
  expect((await answered({ text }, { sender: viewer })).entry).toMatchObject({
    ...refused,
    because: "role",
    role: "viewer",
  });
  const stranger = { ...viewer, orgId: "elsewhere" };
  const secret = { text: 'customers name="their words"' };
  const kind = { outcome: "refused", command: "customers", text: "customers" };
  expect((await answered(secret, { sender: stranger })).entry).toMatchObject({
    ...kind,
    because: "stranger",
    role: "stranger",
  });
  expect((await answered(secret, { sender: BOT })).entry).toMatchObject({ ...kind, because: "bot", role: "bot" });
});

test("a press that was answered before is a row of its own", async () => {
  const lastPress = { command: "watches", senderId: "ada", at: NOW - 1_000 };
  const { entry } = await answered(PRESS, { card: postedCardOf("help", { lastPress }) });
  expect(entry).toMatchObject({ ...ADMIN, outcome: "repeated" });
});
