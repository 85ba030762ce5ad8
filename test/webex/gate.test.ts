import { expect, onTestFinished, test } from "vitest";
import type { Policy, Refusal, Shown } from "../../src/domain/access.ts";
import type { Recipient } from "../../src/domain/alerts/notice.ts";
import type { Gate, Withheld } from "../../src/domain/ports/messaging.ts";
import type { Person, RoomMember } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createGate } from "../../src/webex/gate.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { startLoopback } from "../support/loopback.ts";
import { NO_SECRETS } from "../support/secrets.ts";

const POLICY: Policy = { homeOrgId: "home", emailDomains: [], emails: [], operators: [], admins: [] };
const VIEW = { kind: "notice", tone: "info", title: "Contoso", lines: [], facts: [], buttons: [] } as const;
const CUSTOMERS: Shown = { scopes: [""] };

const insider = (personId: string): Person => ({
  personId,
  email: `${personId}@x.example`,
  orgId: "home",
  displayName: "",
});
const stranger = (personId: string): Person => ({ ...insider(personId), orgId: "elsewhere" });
const member = (person: Person): RoomMember => ({ ...person, membershipId: `m-${person.personId}` });

interface Situation {
  readonly members?: readonly RoomMember[] | Failure;
  readonly recipient?: Person | undefined | Failure;
  readonly scope?: string;
  readonly isAllowed?: boolean;
  readonly asker?: Person;
}

async function open(situation: Situation) {
  const { members = [], scope = "", isAllowed = false, asker = stranger("eve") } = situation;
  const webex = await startLoopback([
    { json: { id: "m1", roomId: "war", personId: "bot", created: "2026-11-23T12:00:00Z" } },
  ]);
  const http = createHttp({ secrets: NO_SECRETS, baseUrl: webex.url, connections: 2, timeoutMs: 60_000, retries: 0 });
  onTestFinished(() => http.close());
  const orThrow = <T>(value: T | Failure): T => {
    if (value instanceof Failure) throw value;
    return value;
  };
  const gate = createGate({
    api: createWebexApi(http, "token"),
    log: SILENT_LOG,
    zoneOf: async () => undefined,
    render: () => ({ card: {}, text: "" }),
    lint: () => [],
    policy: POLICY,
    directory: {
      person: async () => asker,
      recipient: async () => orThrow(situation.recipient),
      members: async () => orThrow(members),
    },
    rooms: { isAllowed: async () => isAllowed, scopeOf: async () => scope },
  });
  return { gate, requests: webex.requests };
}

const down = new Failure("webex.unavailable", "", "", { retryable: true });
const ROOM = { roomId: "war" };
const PERSON = { personId: "ana" };
const asked = (isDirect: boolean): Shown => ({ scopes: [""], asker: { personId: "eve", isDirect } });

test.each<[string, Situation, Recipient, Shown, Refusal["because"] | undefined]>([
  ["a room of insiders", { members: [member(insider("ana"))] }, ROOM, CUSTOMERS, undefined],
  ["a room with a guest", { members: [member(insider("ana")), member(stranger("eve"))] }, ROOM, CUSTOMERS, "guests"],
  [
    "a room with a guest that an admin allowed",
    { members: [member(stranger("eve"))], isAllowed: true },
    ROOM,
    CUSTOMERS,
    undefined,
  ],
  ["a room with a guest, and no customers", { members: [member(stranger("eve"))] }, ROOM, "no customers", undefined],
  ["a room of which it is not known who is in it", { members: down }, ROOM, CUSTOMERS, "unsure"],
  ["a room that is bound to another sub-partner", { scope: "acme" }, ROOM, CUSTOMERS, "other sub-partner"],
  ["one that is allowed, too", { scope: "acme", isAllowed: true }, ROOM, { scopes: ["other"] }, "other sub-partner"],
  ["a room that is bound to the same one", { scope: "acme" }, ROOM, { scopes: ["acme"] }, undefined],
  ["a person of the organisation", { recipient: insider("ana") }, PERSON, CUSTOMERS, undefined],
  ["a person who left the organisation", { recipient: stranger("ana") }, PERSON, CUSTOMERS, "outsider"],
  ["a person whom Webex does not know", {}, { email: "typo@x.example" }, CUSTOMERS, "outsider"],
  ["a person whom Webex does not tell about", { recipient: down }, PERSON, CUSTOMERS, "unsure"],
  ["an outsider who asks 1:1", {}, ROOM, asked(true), "outsider"],
  ["an insider who asks 1:1", { asker: insider("ana"), members: down }, ROOM, asked(true), undefined],
  ["an insider who asks among guests", { members: [member(stranger("eve"))] }, ROOM, asked(false), "guests"],
])("%s", async (_, situation, to, shown, because) => {
  expect((await (await open(situation)).gate.refusal(to, shown))?.because).toBe(because);
});

const CARD = { roomId: "war", messageId: "m1", edits: 0 };
const FILE = { file: { name: "x.csv", type: "text/csv", async *content() {} }, text: "" };

const CALLS: readonly [string, (gate: Gate, shown: Shown) => Promise<unknown>][] = [
  ["post", (gate, shown) => gate.post(ROOM, VIEW, shown)],
  ["postFile", (gate, shown) => gate.postFile(ROOM, FILE, shown)],
  ["replace", (gate, shown) => gate.replace(CARD, VIEW, shown)],
  ["notify", (gate, shown) => gate.notify(ROOM, VIEW, shown)],
  ["edit", (gate, shown) => gate.edit(CARD, VIEW, shown)],
];

test.each(CALLS)("%s sends nothing that may not be shown", async (_, call) => {
  const { gate, requests } = await open({ members: [member(stranger("eve"))] });
  expect(await call(gate, CUSTOMERS)).toEqual({ withheld: { because: "guests", guests: 1 } } satisfies Withheld);
  expect(requests).toEqual([]);
  expect(await call(gate, "no customers")).toMatchObject({ messageId: "m1" });
  expect(requests).toHaveLength(1);
});

test("every call of the gate is among these", async () => {
  const { gate } = await open({});
  expect(Object.keys(gate).sort()).toEqual(["refusal", ...CALLS.map(([name]) => name)].sort());
});
