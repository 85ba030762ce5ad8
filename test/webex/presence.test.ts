import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { createPresence } from "../../src/webex/presence.ts";

const answers = async (answer: unknown): Promise<never> => {
  if (typeof answer === "string") throw new Failure(`webex.${answer}`, "", "");
  return answer as never;
};

const membership = { id: "m", roomId: "r", personId: "bot" };

test.each([
  ["there", "there", {}, [membership], true],
  ["gone", "deleted", "not_found", "not_found", false],
  ["gone", "removed", "not_found", "forbidden", false],
  ["gone", "without the bot", "forbidden", [], false],
  ["unknown", "contradictory", {}, [], undefined],
  ["unknown", "contradictory the other way", "not_found", [membership], undefined],
  ["unknown", "silent", "unavailable", "unavailable", undefined],
  ["unknown", "half silent", "not_found", "unavailable", undefined],
])("ALERTS 29: the bot is %s where both answers are %s", async (_, __, room, members, expected) => {
  const api = { me: () => answers({}), room: () => answers(room), memberships: () => answers(members) };
  expect(await createPresence(api, { id: "bot" }).isMember("r")).toBe(expected);
});

test.each([
  [{}, true],
  ["unauthorized", false],
  ["unavailable", undefined],
  ["busy", undefined],
])("ALERTS 29: the token is asked about (%s)", async (me, expected) => {
  const api = { me: () => answers(me), room: () => answers({}), memberships: () => answers([]) };
  expect(await createPresence(api, { id: "bot" }).isTokenAccepted()).toBe(expected);
});
