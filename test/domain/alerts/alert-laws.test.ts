import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { isRegression } from "../../../src/domain/alerts/grouping.ts";
import { activeMute } from "../../../src/domain/alerts/mute.ts";
import { isSummaryNotice, isUrgent, type NoticeKind } from "../../../src/domain/alerts/notice.ts";
import { desiredState, type WatchingRoom } from "../../../src/domain/alerts/reconcile.ts";
import { type AlertModel, alertContext, notifiedOf, queuedFor } from "../../support/alert-model.ts";
import { hasOutage } from "../../support/alert-model-observing.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import type { Post, Run } from "./history-steps.ts";
import { histories, QUIET_PERIOD, runUntilQuiet, statesAfterEach } from "./random-histories.ts";

/** The laws at the end of ALERTS.md, by their letters, over random histories. */

/** Holds for the whole of any history: what was before and after each of its events. */
function always(check: (before: Run, event: string, after: Run) => void): void {
  const along = (events: readonly string[]) => {
    const steps = statesAfterEach(events);
    for (const [at, event] of events.entries()) {
      const [before, after] = steps.slice(at, at + 2);
      if (before !== undefined && after !== undefined) check(before, event, after);
    }
  };
  fc.assert(fc.property(histories, along), propertyRuns(30));
}

/** Holds of what any history comes to. */
function inTheEnd(check: (run: Run, events: readonly string[]) => void): void {
  fc.assert(
    fc.property(histories, (events) => check(runUntilQuiet(statesAfterEach(events).at(-1)), events)),
    propertyRuns(30),
  );
}

/** What a space should believe and does not, but for what was given up. */
function differences(book: AlertModel, room: WatchingRoom): readonly Alert[] {
  return book.alerts.filter((alert) => {
    const desired = desiredState(alertContext(book, alert), room, book.now);
    const state = notifiedOf(book, room.roomId, alert.id)?.state;
    const isSettled = desired === "unchanged" || desired === state || (state === undefined && desired !== "open");
    return !isSettled && !isGivenUp(book, room, alert);
  });
}

function isGivenUp({ outbox }: AlertModel, { roomId }: WatchingRoom, { id }: Alert): boolean {
  return outbox.some((row) => row.state === "dead" && row.roomId === roomId && row.alertId === id);
}

test("a: whatever a space should believe and does not is on its way to it, at every moment", () => {
  always((_before, _event, { model }) => {
    for (const room of model.rooms) {
      const waiting = queuedFor(model, room.roomId);
      const isOwed = ({ id }: Alert) => waiting.some((row) => row.alertId === id || isSummaryNotice(row.kind));
      expect(differences(model, room).filter((alert) => !isOwed(alert))).toEqual([]);
    }
  });
});

test("a: at rest every space believes what it should, nothing waits, and nothing flaps", () => {
  inTheEnd(({ model }) => {
    for (const room of model.rooms) {
      expect(differences(model, room)).toEqual([]);
      expect(queuedFor(model, room.roomId)).toEqual([]);
    }
    expect(model.alerts.filter(({ flapping }) => flapping)).toEqual([]);
  });
});

test("b: no recovery without a delivered alert, nor any other sequel", () => {
  const sequels: readonly NoticeKind[] = ["recovery", "reopen", "retry", "flapping", "flapping-end"];
  inTheEnd(({ posts }) => {
    for (const [at, { roomId, notices, alerts }] of posts.entries()) {
      for (const { alertId } of notices.filter(({ kind }) => sequels.includes(kind))) {
        expect(alerts.map(({ id }) => id)).toContain(alertId);
        expect(tellings(posts.slice(0, at), roomId, alertId)).not.toEqual([]);
      }
    }
  });
});

test("c: a reading that breaks off changes nothing but what it opens", () => {
  always((before, event, after) => {
    if (!event.endsWith("breaks off")) return;
    const changed = after.model.alerts.filter((alert) => !before.model.alerts.includes(alert));
    expect(changed.filter(({ state }) => state !== "open")).toEqual([]);
  });
});

test("c: and while the bot is blind, only a complete sweep and people change anything", () => {
  always((before, event, after) => {
    if (!hasOutage(before.model) || event === "sweep" || event.endsWith("acks")) return;
    expect(after.model.alerts).toBe(before.model.alerts);
  });
});

test("d: one unasked message a window to a space, and one more where a regression hurries into a quiet one", () => {
  inTheEnd(({ model, posts }) => {
    for (const { roomId } of model.rooms) {
      const unasked = posts.filter((post) => post.roomId === roomId && isUnasked(post));
      for (const [at, post] of unasked.entries()) {
        const since = (other: Post | undefined) => post.at - (other?.at ?? Number.NEGATIVE_INFINITY);
        if (since(unasked[at - 1]) >= model.timings.intervalMs) continue;
        expect(post.skippedWindow && post.alerts.some(isRegression)).toBe(true);
        expect(since(unasked[at - 2])).toBeGreaterThanOrEqual(model.timings.intervalMs);
      }
    }
  });
});

/** What keeps the windows, sent the first time. */
function isUnasked({ notices, isRepeat }: Post): boolean {
  return !isRepeat && notices.some(({ kind }) => !isUrgent(kind));
}

test("e: no space is ever told of an older generation of an alert than before", () => {
  inTheEnd(({ posts }) => {
    const newest = new Map<string, number>();
    for (const { roomId, alerts } of posts) {
      for (const { id, generation } of alerts) {
        const known = newest.get(`${roomId} ${id}`) ?? 0;
        expect(generation).toBeGreaterThanOrEqual(known);
        newest.set(`${roomId} ${id}`, generation);
      }
    }
  });
});

test("f: every error that lasts is told to every space that watches it and has not muted it", () => {
  inTheEnd(({ model, posts }) => {
    for (const room of model.rooms) {
      for (const alert of model.alerts) {
        const isOpen = desiredState(alertContext(model, alert), room, model.now) === "open";
        if (!isOpen || isGivenUp(model, room, alert)) continue;
        expect(notifiedOf(model, room.roomId, alert.id)?.state).toBe("open");
        expect(tellings(posts, room.roomId, alert.id)).not.toEqual([]);
      }
    }
  });
});

test("f: and told once: again only where a crash or a lost answer fell between POST and commit, and marked", () => {
  inTheEnd(({ model, posts }, events) => {
    // What is under way when all comes to rest is cut off as well.
    const all = [...events, ...QUIET_PERIOD];
    const accidents = all.filter((event) => event === "crash" || event.endsWith("answer")).length;
    for (const telling of model.rooms.flatMap(({ roomId }) => tellingsByStay(model, posts, roomId))) {
      const again = telling.slice(1).filter((post) => !isCovering(post));
      const unmarked = again.filter(({ isRepeat }) => !isRepeat);
      expect(unmarked.length).toBeLessThanOrEqual(isLeftOut(posts, telling) ? 1 : 0);
      expect(again.length).toBeLessThanOrEqual(accidents);
    }
  });
});

/** The messages that told a space of an opening, or of a re-opening, for each of all that there were. */
function tellingsByStay(book: AlertModel, posts: readonly Post[], roomId: string): readonly (readonly Post[])[] {
  return book.alerts.flatMap(({ id, reopenedAt }) => {
    const all = tellings(posts, roomId, id);
    const stays = [0, ...reopenedAt.map((_, before) => before + 1)];
    return stays.map((stay) => all.filter((post) => stayIn(post, id) === stay));
  });
}

/**
 * Whether a cover told it first whose answer was lost, and which, sent again, left it out: it says what is so by then, and of
 * what is muted by then nobody knows that it was told.
 */
function isLeftOut(posts: readonly Post[], all: readonly Post[]): boolean {
  const [first] = all;
  if (first === undefined || !isCovering(first)) return false;
  const later = posts.slice(posts.indexOf(first)).filter(({ roomId }) => roomId === first.roomId);
  return later.some((post) => post.isRepeat && isCovering(post) && !all.includes(post));
}

/** The messages that told a space that an alert is open. A cover may list what the space knows already. */
function tellings(posts: readonly Post[], roomId: string, id: number): readonly Post[] {
  const isNews = ({ kind, alertId }: Post["notices"][number]) =>
    alertId === id && (kind === "alert" || kind === "reopen");
  return posts.filter(
    (post) =>
      post.roomId === roomId && stayIn(post, id) !== undefined && (isCovering(post) || post.notices.some(isNews)),
  );
}

function isCovering({ notices }: Post): boolean {
  return notices.some(({ kind }) => isSummaryNotice(kind));
}

function stayIn({ alerts }: Post, id: number): number | undefined {
  return alerts.find((alert) => alert.id === id)?.reopenedAt.length;
}

test("ALERTS 23: who has muted an alert hears of its end, and of nothing else", () => {
  inTheEnd(({ model, posts }) => {
    for (const { roomId, notices, alerts, claimedAt, isRepeat } of posts) {
      const mutes = model.rooms.find((room) => room.roomId === roomId)?.mutes ?? [];
      const before = mutes.filter(({ from }) => from < claimedAt);
      const isMuted = (id: number) => alerts.some((alert) => alert.id === id && activeMute(alert, before, claimedAt));
      const loud = notices.filter(({ alertId, kind }) => kind !== "recovery" && isMuted(alertId));
      expect(isRepeat ? [] : loud).toEqual([]);
    }
  });
});

test("ALERTS 22: nobody is reminded of what somebody has taken, or of what is not open any more", () => {
  inTheEnd(({ posts }) => {
    const reminders = posts.filter(({ notices }) => notices.some(({ kind }) => kind === "reminder"));
    const alerts = reminders.flatMap((reminder) => reminder.alerts);
    expect(alerts.filter(({ ack, state }) => ack !== undefined || state === "closed")).toEqual([]);
  });
});
