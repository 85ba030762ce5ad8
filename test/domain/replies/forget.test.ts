import { expect, test } from "vitest";
import type { ForgetCommand } from "../../../src/domain/commands/forget.ts";
import type { Traces } from "../../../src/domain/ports/alerting.ts";
import { replyForget } from "../../../src/domain/replies/forget.ts";
import { type ReplySituation, replyContext } from "./reply-context.ts";

const NOTHING: Traces = {
  hasName: false,
  auditRows: 0,
  follows: 0,
  messages: 0,
  watches: 0,
  escalations: 0,
  acks: 0,
  mutes: 0,
};
const EVERYTHING: Traces = {
  hasName: true,
  auditRows: 12,
  follows: 2,
  messages: 1,
  watches: 3,
  escalations: 1,
  acks: 4,
  mutes: 1,
};
const ADA = { personId: "Y2lzY29zcGFyazovL2FkYQ", name: "Ada Lovelace", email: "ada@home.example" };

const answered = (command: Partial<ForgetCommand>, situation: Partial<ReplySituation> = {}) =>
  replyForget(
    { name: "forget", confirmed: false, ...command },
    replyContext({ people: [ADA], traces: EVERYTHING, ...situation }),
  );

test("before anything is removed, the card says what is removed, changed and kept, and shows no address", async () => {
  const { view, changes } = await answered({ person: ADA.email });
  expect(changes).toBeUndefined();
  expect(view).toMatchObject({
    title: "Forget Ada Lovelace?",
    lines: [
      "Removed: name and address, 2 follows, 1 message to this person. 12 rows of the audit stay, with the role alone.",
      "3 watches made by this person: yours from then on, so you are told if the space cannot be reached.",
      "1 watch that escalated to this person: no longer to anybody. Name somebody else.",
      "4 acknowledgements: without the name from then on, but still in force.",
      "1 mute: without the name from then on, but still in force.",
      expect.stringContaining("Kept: what stands in spaces"),
      expect.stringContaining("cannot be undone"),
    ],
    buttons: [{ command: `forget person=${ADA.personId} confirm=yes` }],
  });
  expect(JSON.stringify(view)).not.toContain("@");
});

test("confirmed, the person is forgotten, and the answer does not name the person", async () => {
  const { view, changes } = await answered({ person: ADA.personId, confirmed: true });
  expect(changes).toEqual([{ kind: "alerting", change: { kind: "forget", person: ADA, heirId: "ana" } }]);
  expect(view).toMatchObject({ title: "The person is forgotten" });
  expect(JSON.stringify(view)).not.toContain("Ada");
});

test("an address that never asked is forgotten where alerts escalate to it", async () => {
  const { view, changes } = await answered(
    { person: "Boss@x.example", confirmed: true },
    { people: [], traces: { ...NOTHING, escalations: 2 } },
  );
  expect(changes).toMatchObject([{ change: { person: { personId: "", email: "boss@x.example" } } }]);
  expect(view).toMatchObject({
    lines: [expect.stringContaining("nothing more"), expect.stringContaining("2 watches"), {}],
  });
});

test.each([
  ["nobody of that name", { people: [] }, "Ada"],
  ["an address of which nothing is kept", { people: [], traces: NOTHING }, "eve@x.example"],
  ["somebody who is forgotten already, as after a second press", { people: [], traces: NOTHING }, ADA.personId],
])("%s", async (_, situation, person) => {
  const { view, changes } = await answered({ person, confirmed: true }, situation);
  expect([view, changes]).toMatchObject([{ title: "Nothing is kept about this person" }, undefined]);
});

test("several people of one name are told apart by buttons", async () => {
  const people = [ADA, { ...ADA, personId: "other", name: "Ada Byron" }];
  const { view } = await answered({ person: "ada", confirmed: true }, { people });
  expect(view).toMatchObject({ title: "Which person?", buttons: [{ title: "Ada Lovelace" }, { title: "Ada Byron" }] });
  expect((await answered({})).view).toMatchObject({ title: "Forget whom?" });
});
