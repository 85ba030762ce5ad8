import { expect, test } from "vitest";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import type { SpaceWatches } from "../../../src/domain/ports/alerting.ts";
import type { ScopedFilter } from "../../../src/domain/ports/snapshot.ts";
import { replyAllWatches } from "../../../src/domain/replies/all-watches.ts";
import { replyStatus } from "../../../src/domain/replies/status.ts";
import { fieldFilter, watchOf } from "../../support/alert-fixtures.ts";
import { inUtc } from "../../support/in-utc.ts";
import { NOW, replyContext } from "./reply-context.ts";

const WAR: SpaceWatches = {
  roomId: "war",
  scope: "",
  watches: [
    watchOf({ number: 1, space: "War room" }),
    watchOf({
      number: 2,
      filter: fieldFilter("code", "2560"),
      options: { ...NO_WATCH_OPTIONS, stuck: true, escalate: "noc@x.example" },
    }),
  ],
};
const NORTH: SpaceWatches = { roomId: "north", scope: "north", watches: [watchOf()], suspendedAt: NOW - 3_600_000 };

const answered = (spaces: readonly SpaceWatches[], { scope = "", page = 1 } = {}) =>
  replyAllWatches(
    { name: "allWatches", page },
    { ...replyContext({ spaces }), scope, subpartners: async () => ({ list: [], readAt: NOW }) },
  );

test("every space with its watches; a suspended one and one of a sub-partner are marked", async () => {
  const { view } = await answered([NORTH, WAR]);
  expect(inUtc(view)).toMatchObject({
    title: "3 watches in 2 spaces",
    lines: [
      "A space without a title: (1) Everything. One sub-partner only. Paused since 14:00 UTC, because the space could not be reached.",
      "War room: (1) Everything; (2) code=2560 · Also stuck for 2 h · Escalate after 30 min: a person.",
    ],
  });
  expect((await answered([])).view).toMatchObject({ title: "No space watches anything" });
});

test("a space that is bound to a sub-partner sees those of its own", async () => {
  expect((await answered([NORTH, WAR], { scope: "north" })).view).toMatchObject({ title: "1 watch in 1 space" });
});

test("ten spaces a page", async () => {
  const many = Array.from({ length: 25 }, (_, i) => ({ ...WAR, roomId: `r${i}` }));
  const { view } = await answered(many, { page: 9 });
  expect(view).toMatchObject({ lines: ["Page 3 of 3", ...Array(5).fill(expect.stringContaining("War room"))] });
  expect(view.buttons.map(({ command }) => command)).toEqual(["watches all page=2", "status", "watches all page=3"]);
});

/** The facts of `status`, and the filters whose customers count as watched. */
async function status(spaces: readonly SpaceWatches[], unwatched: number) {
  let asked: readonly ScopedFilter[] = [];
  const context = replyContext({ spaces });
  const { view } = await replyStatus({
    ...context,
    snapshot: {
      ...context.snapshot,
      async countUnmatched(filters) {
        asked = filters;
        return unwatched;
      },
    },
    health: async () => ({ version: "1.2.3", startedAt: NOW, checks: [] }),
  });
  return { facts: "facts" in view ? view.facts : [], asked };
}

test("status counts the customers that no space watches, whatever problems a watch is about", async () => {
  const country = watchOf({ filter: [...fieldFilter("country", "DE"), ...fieldFilter("status", "error")] });
  const { facts, asked } = await status([WAR, NORTH, { ...WAR, roomId: "de", watches: [country] }], 12);
  expect(facts).toContainEqual({ title: "Not watched", value: "12 of 250 customers: no space is told when they fail" });
  expect(asked).toEqual([
    { scope: "", filter: [] },
    { scope: "", filter: fieldFilter("country", "DE") },
  ]);
  expect((await status([WAR], 0)).facts).toEqual([]);
});
