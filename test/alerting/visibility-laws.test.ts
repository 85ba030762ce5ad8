import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { isSummaryNotice, type NoticeKind } from "../../src/domain/alerts/notice.ts";
import { ROOMS } from "../domain/alerts/history-steps.ts";
import { histories, QUIET_PERIOD } from "../domain/alerts/random-histories.ts";
import { createDataDir } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { openEngineHarness } from "./engine-harness.ts";
import { applyEvent, beginHistory } from "./history-player.ts";
import { findMissingNotices } from "./missing-notices.ts";
import type { HistoryRun, Post } from "./room-events.ts";

/** The laws of docs/alerts.md, by their letters, over random histories of a real store on a file. */

type Check = (play: HistoryRun, event: string, before: readonly Alert[]) => Promise<void>;

/** Plays a history, with a check after each of its events and one after a quiet period. */
async function play(events: readonly string[], { each, last }: { each?: Check; last?: Check }): Promise<void> {
  const { location, remove } = await createDataDir();
  let store = await openStore(location);
  try {
    const run = await beginHistory(openEngineHarness(store), async ({ clock }) => {
      await store.close();
      store = await openStore(location);
      return openEngineHarness(store, clock);
    });
    for (const event of events) {
      const before = each ? await run.harness.all() : [];
      await applyEvent(run, event);
      await each?.(run, event, before);
    }
    for (const event of last === undefined ? [] : QUIET_PERIOD) await applyEvent(run, event);
    await last?.(run, "calm", []);
  } finally {
    await store.close();
    await remove();
  }
}

const over = (checks: { each?: Check; last?: Check }) =>
  fc.assert(
    fc.asyncProperty(histories, (events) => play(events, checks)),
    propertyRuns(5),
  );

const opensOnly = (event: string) => event.endsWith("breaks off") || event === "suspect sweep";

test("a, c, e: after every event of a history", () =>
  over({
    async each(play, event, before) {
      for (const room of ROOMS) expect(await findMissingNotices(play.harness, room, play.dead)).toEqual([]);
      const after = await play.harness.all();
      const known = new Map(before.map((alert) => [alert.id, alert]));
      const changed = after.filter((alert) => JSON.stringify(known.get(alert.id)) !== JSON.stringify(alert));
      if (opensOnly(event)) expect(changed.filter(({ state }) => state !== "open")).toEqual([]);
      for (const { id, generation } of after) expect(generation).toBeGreaterThanOrEqual(known.get(id)?.generation ?? 0);
    },
  }));

test("a, b, f: once a history has come to rest", () =>
  over({
    async last(play) {
      const alerts = await play.harness.all();
      expect(alerts.filter(({ state, flapping }) => state === "healing" || flapping)).toEqual([]);
      for (const room of ROOMS) {
        expect(await findMissingNotices(play.harness, room, play.dead)).toEqual([]);
        expect(await play.harness.queued(room)).toEqual([]);
      }
      for (const [at, post] of play.posts.entries()) {
        for (const { kind, alertId } of post.message.notices.filter(({ kind }) => SEQUELS.includes(kind)))
          expect({ kind, deliveries: tellings(play.posts.slice(0, at), post.to, alertId).length > 0 }).toEqual({
            kind,
            deliveries: true,
          });
      }
      for (const room of ROOMS) {
        for (const { id, reopenedAt } of alerts) {
          const fresh = tellings(play.posts, room, id).filter((post) => !post.isRepeat && !isCovering(post));
          expect(fresh.length).toBeLessThanOrEqual(1 + reopenedAt.length);
        }
      }
    },
  }));

const SEQUELS: readonly NoticeKind[] = ["recovery", "reopen", "retry", "flapping-end"];

const isCovering = ({ message }: Post) => message.notices.some(({ kind }) => isSummaryNotice(kind));

const NEWS: readonly NoticeKind[] = ["alert", "reopen", "flapping"];

/** The messages that told a space that an alert is open or flapping. */
const tellings = (posts: readonly Post[], roomId: string, id: number) =>
  posts.filter(
    (post) =>
      post.to === roomId &&
      post.alerts.some((alert) => alert.id === id) &&
      (isCovering(post) || post.message.notices.some(({ kind, alertId }) => alertId === id && NEWS.includes(kind))),
  );
