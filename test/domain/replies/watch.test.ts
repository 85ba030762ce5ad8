import { expect, test } from "vitest";
import type { Refusal, Shown } from "../../../src/domain/access.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import type { WatchCommand } from "../../../src/domain/commands/watch.ts";
import { replyWatch } from "../../../src/domain/replies/watch.ts";
import { fieldFilter } from "../../support/alert-fixtures.ts";
import { customerOf, replyContext } from "./reply-context.ts";

const ROOM_ID = "Y2lzY29zcGFyazovL3VzL1JPT00vMQ";

const watch = (escalate: string, confirmed: boolean): WatchCommand => ({
  name: "watch",
  filter: [],
  options: { ...NO_WATCH_OPTIONS, escalate },
  confirmed,
});

test.each<[Refusal, string, string]>([
  [{ because: "outsider" }, "eve@elsewhere.example", "Nobody of that address may see customer data"],
  [{ because: "guests", guests: 1 }, ROOM_ID, "A guest is in that space"],
  [{ because: "other sub-partner" }, ROOM_ID, "bound to another sub-partner"],
  [{ because: "unsure" }, ROOM_ID, "could not find out who would see them"],
])(
  "PRODUCT 5: an escalation is neither previewed nor saved for somebody who may not see it: %j",
  async (refusal, to, why) => {
    for (const confirmed of [false, true]) {
      const asked: unknown[] = [];
      const context = replyContext({
        refusal: async (...question: [object, Shown]) => {
          asked.push(...question);
          return refusal;
        },
      });
      const reply = await replyWatch(watch(to, confirmed), context);
      expect(reply.changes).toBeUndefined();
      expect(JSON.stringify(reply.view)).toContain(why);
      expect(asked).toEqual([to === ROOM_ID ? { roomId: to } : { email: to }, { scopes: [""] }]);
    }
  },
);

test("a watch that escalates to somebody who may see customers is saved", async () => {
  const reply = await replyWatch(watch("noc@home.example", true), replyContext({}));
  expect(reply.changes).toMatchObject([{ change: { kind: "watch", options: { escalate: "noc@home.example" } } }]);
});

test("a watch by words that are in no name says so before it is confirmed", async () => {
  const command = {
    name: "watch",
    filter: fieldFilter("text", "fjrd"),
    options: NO_WATCH_OPTIONS,
    confirmed: false,
  } as const;
  const { view } = await replyWatch(command, replyContext({}));
  expect(JSON.stringify(view)).toContain("No customer has “fjrd” in its name, ID or city.");
  const { view: found } = await replyWatch(command, replyContext({ customers: [customerOf("Fjrd")] }));
  expect(JSON.stringify(found)).toContain("Searched names, IDs and cities for “fjrd”.");
});
