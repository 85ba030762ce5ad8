import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { muteOf } from "../../../src/domain/alerts/mute.ts";
import { isRegression } from "../../../src/domain/notices/group.ts";
import { isCover, isUrgent, type NoticeKind } from "../../../src/domain/notices/outbox.ts";
import { desiredOf, type WatchingRoom } from "../../../src/domain/notices/reconcile.ts";
import { type Book, standingOf, told, waitingFor } from "../../support/book.ts";
import { isBlind } from "../../support/book-seeing.ts";
import { runs } from "../../support/runs.ts";
import { atRest, CALM, histories, runsOf } from "./histories.ts";
import type { Post, Run } from "./steps.ts";

/** The laws at the end of ALERTS.md, by their letters, over random histories. */

/** Holds for the whole of any history: what was before and after each of its events. */
function always(check: (before: Run, event: string, after: Run) => void): void {
  const along = (events: readonly string[]) => {
    const steps = runsOf(events);
    for (const [at, event] of events.entries()) {
      const [before, after] = steps.slice(at, at + 2);
      if (before !== undefined && after !== undefined) check(before, event, after);
    }
  };
  fc.assert(fc.property(histories, along), runs(100));
}

/** Holds of what any history comes to. */
function inTheEnd(check: (run: Run, events: readonly string[]) => void): void {
  fc.assert(
    fc.property(histories, (events) => check(atRest(runsOf(events).at(-1)), events)),
    runs(100),
  );
}

/** What a space should believe and does not, but for what was given up. */
function differences(book: Book, room: WatchingRoom): readonly Alert[] {
  return book.alerts.filter((alert) => {
    const desired = desiredOf(standingOf(book, alert), room, book.now);
    const state = told(book, room.roomId, alert.id)?.state;
    const isSettled = desired === "hold" || desired === state || (state === undefined && desired !== "open");
    return !isSettled && !isGivenUp(book, room, alert);
  });
}

function isGivenUp({ outbox }: Book, { roomId }: WatchingRoom, { id }: Alert): boolean {
  return outbox.some((row) => row.state === "dead" && row.roomId === roomId && row.alertId === id);
}

test("a: whatever a space should believe and does not is on its way to it, at every moment", () => {
  always((_before, _event, { book }) => {
    for (const room of book.rooms) {
      const waiting = waitingFor(book, room.roomId);
      const isOwed = ({ id }: Alert) => waiting.some((row) => row.alertId === id || isCover(row.kind));
      expect(differences(book, room).filter((alert) => !isOwed(alert))).toEqual([]);
    }
  });
});

test("a: at rest every space believes what it should, nothing waits, and nothing flaps", () => {
  inTheEnd(({ book }) => {
    for (const room of book.rooms) {
      expect(differences(book, room)).toEqual([]);
      expect(waitingFor(book, room.roomId)).toEqual([]);
    }
    expect(book.alerts.filter(({ flapping }) => flapping)).toEqual([]);
  });
});

test("b: no recovery without a delivered alert, nor any other sequel", () => {
  const sequels: readonly NoticeKind[] = ["recovery", "reopen", "retry", "flapping", "steady"];
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
    const changed = after.book.alerts.filter((alert) => !before.book.alerts.includes(alert));
    expect(changed.filter(({ state }) => state !== "open")).toEqual([]);
  });
});

test("c: and while the bot is blind, only a complete sweep and people change anything", () => {
  always((before, event, after) => {
    if (!isBlind(before.book) || event === "sweep" || event.endsWith("acks")) return;
    expect(after.book.alerts).toBe(before.book.alerts);
  });
});

test("d: one unasked message a window to a space, and one more where a regression hurries into a quiet one", () => {
  inTheEnd(({ book, posts }) => {
    for (const { roomId } of book.rooms) {
      const unasked = posts.filter((post) => post.roomId === roomId && isUnasked(post));
      for (const [at, post] of unasked.entries()) {
        const since = (other: Post | undefined) => post.at - (other?.at ?? Number.NEGATIVE_INFINITY);
        if (since(unasked[at - 1]) >= book.timings.intervalMs) continue;
        expect(post.hurried && post.alerts.some(isRegression)).toBe(true);
        expect(since(unasked[at - 2])).toBeGreaterThanOrEqual(book.timings.intervalMs);
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
  inTheEnd(({ book, posts }) => {
    for (const room of book.rooms) {
      for (const alert of book.alerts) {
        const isOpen = desiredOf(standingOf(book, alert), room, book.now) === "open";
        if (!isOpen || isGivenUp(book, room, alert)) continue;
        expect(told(book, room.roomId, alert.id)?.state).toBe("open");
        expect(tellings(posts, room.roomId, alert.id)).not.toEqual([]);
      }
    }
  });
});

test("f: and told once: again only where a crash or a lost answer fell between POST and commit, and marked", () => {
  inTheEnd(({ book, posts }, events) => {
    // What is under way when all comes to rest is cut off as well.
    const all = [...events, ...CALM];
    const accidents = all.filter((event) => event === "crash" || event.endsWith("answer")).length;
    for (const telling of book.rooms.flatMap(({ roomId }) => tellingsByStay(book, posts, roomId))) {
      const again = telling.slice(1).filter((post) => !isCovering(post));
      const unmarked = again.filter(({ isRepeat }) => !isRepeat);
      expect(unmarked.length).toBeLessThanOrEqual(isLeftOut(posts, telling) ? 1 : 0);
      expect(again.length).toBeLessThanOrEqual(accidents);
    }
  });
});

/** The messages that told a space of an opening, or of a re-opening, for each of all that there were. */
function tellingsByStay(book: Book, posts: readonly Post[], roomId: string): readonly (readonly Post[])[] {
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
      post.roomId === roomId &&
      stayIn(post, id) !== undefined &&
      (isCovering(post) || post.notices.some(isNews)),
  );
}

function isCovering({ notices }: Post): boolean {
  return notices.some(({ kind }) => isCover(kind));
}

function stayIn({ alerts }: Post, id: number): number | undefined {
  return alerts.find((alert) => alert.id === id)?.reopenedAt.length;
}

test("ALERTS 23: who has muted an alert hears of its end, and of nothing else", () => {
  inTheEnd(({ book, posts }) => {
    for (const { roomId, notices, alerts, claimedAt, isRepeat } of posts) {
      const mutes = book.rooms.find((room) => room.roomId === roomId)?.mutes ?? [];
      const before = mutes.filter(({ from }) => from < claimedAt);
      const isMuted = (id: number) =>
        alerts.some((alert) => alert.id === id && muteOf(alert, before, claimedAt));
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
