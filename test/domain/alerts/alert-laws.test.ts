import fc from "fast-check";
import { expect, test } from "vitest";
import { type Alert, isActive } from "../../../src/domain/alerts/alert.ts";
import { allNotices, isRegression } from "../../../src/domain/alerts/grouping.ts";
import { activeMute } from "../../../src/domain/alerts/mute.ts";
import { isStandalone, isSummaryNotice, type NoticeKind } from "../../../src/domain/alerts/notice.ts";
import { desiredState, type WatchingRoom } from "../../../src/domain/alerts/reconcile.ts";
import { type AlertModel, alertContext, notifiedOf, queuedFor } from "../../support/alert-model.ts";
import { hasOutage } from "../../support/alert-model-observing.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import type { Post, Run } from "./history-steps.ts";
import { histories, QUIET_PERIOD, runUntilQuiet, statesAfterEach } from "./random-histories.ts";

/** The laws of docs/alerts.md, by their letters, over random histories. */

/** Checks each event of a history, with the runs before and after it. */
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

/** Checks the run after a history and the quiet period that follows it. */
function inTheEnd(check: (run: Run, events: readonly string[]) => void): void {
  fc.assert(
    fc.property(histories, (events) => check(runUntilQuiet(statesAfterEach(events).at(-1)), events)),
    propertyRuns(30),
  );
}

/** The alerts whose notified state is not the desired one, without those of dead notices. */
function differences(model: AlertModel, room: WatchingRoom): readonly Alert[] {
  return model.alerts.filter((alert) => {
    const desired = desiredState(alertContext(model, alert), room, model.now);
    const state = notifiedOf(model, room.roomId, alert.id)?.state;
    const isSettled = desired === "unchanged" || desired === (state ?? "closed");
    return !isSettled && !isGivenUp(model, room, alert);
  });
}

function isGivenUp({ outbox }: AlertModel, { roomId }: WatchingRoom, { id }: Alert): boolean {
  return outbox.some((row) => row.state === "dead" && row.roomId === roomId && row.alertId === id);
}

test("a: whatever a space should know and does not know waits in the outbox, after every event", () => {
  always((_before, _event, { model }) => {
    for (const room of model.rooms) {
      const waiting = queuedFor(model, room.roomId);
      const isQueued = ({ id }: Alert) =>
        waiting.some((row) => (row.alertId === id && row.kind !== "came-and-went") || isSummaryNotice(row.kind));
      expect(differences(model, room).filter((alert) => !isQueued(alert))).toEqual([]);
    }
  });
});

test("a: at rest every space knows what it should, nothing waits, and nothing flaps", () => {
  inTheEnd(({ model }) => {
    for (const room of model.rooms) {
      expect(differences(model, room)).toEqual([]);
      expect(queuedFor(model, room.roomId)).toEqual([]);
    }
    expect(model.alerts.filter(({ flapping }) => flapping)).toEqual([]);
  });
});

test("b: no recovery, retry, re-opening or end of flapping without a delivered alert", () => {
  const sequels: readonly NoticeKind[] = ["recovery", "reopen", "retry", "flapping-end"];
  inTheEnd(({ posts }) => {
    for (const [at, { roomId, notices, alerts }] of posts.entries()) {
      for (const { alertId } of notices.filter(({ kind }) => sequels.includes(kind))) {
        expect(alerts.map(({ id }) => id)).toContain(alertId);
        expect(messagesTellingOf(posts.slice(0, at), roomId, alertId)).not.toEqual([]);
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

test("c: during an outage nothing becomes absent or is removed, but by a complete sweep", () => {
  always((before, event, after) => {
    if (!hasOutage(before.model) || event === "sweep") return;
    for (const alert of after.model.alerts) {
      const was = before.model.alerts.find(({ id }) => id === alert.id);
      if (was === alert) continue;
      expect(alert.absentSweeps).toBeLessThanOrEqual(was?.absentSweeps ?? 0);
      expect(alert.reason ?? "").not.toMatch(/removed/);
    }
  });
});

test("d: one grouped message a window to a space, and one more for a regression in a space without open alerts", () => {
  inTheEnd(({ model, posts }) => {
    for (const { roomId } of model.rooms) {
      const grouped = posts.filter((post) => post.roomId === roomId && isGrouped(post));
      for (const [at, post] of grouped.entries()) {
        const since = (other: Post | undefined) => post.at - (other?.at ?? Number.NEGATIVE_INFINITY);
        if (since(grouped[at - 1]) >= model.timings.intervalMs) continue;
        expect(post.skippedWindow && post.alerts.some(isRegression)).toBe(true);
        expect(since(grouped[at - 2])).toBeGreaterThanOrEqual(model.timings.intervalMs);
      }
    }
  });
});

/** A grouped message that is not a repeat. */
function isGrouped({ notices, isRepeat }: Post): boolean {
  return !isRepeat && notices.some(({ kind }) => !isStandalone(kind) || kind === "came-and-went");
}

test("e: no space is ever notified of an older generation of an alert than before", () => {
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

test("f: every error that lasts is notified to every space that watches it and has not muted it", () => {
  inTheEnd(({ model, posts }) => {
    for (const room of model.rooms) {
      for (const alert of model.alerts) {
        const isOpen = desiredState(alertContext(model, alert), room, model.now) === "open";
        if (!isOpen || isGivenUp(model, room, alert)) continue;
        expect(notifiedOf(model, room.roomId, alert.id)?.state).toBe("open");
        expect(messagesTellingOf(posts, room.roomId, alert.id)).not.toEqual([]);
      }
    }
  });
});

test("f: an alert that is over before its notice is sent waits to be named as one that came and went", () => {
  always(({ model: before }, _event, { model }) => {
    for (const { roomId } of model.rooms) {
      const waiting = queuedFor(model, roomId);
      if (waiting.some(({ kind }) => isSummaryNotice(kind))) continue;
      for (const alert of model.alerts.filter((one) => !isActive(one) && isUntold(before, roomId, one))) {
        const named = waiting.filter((row) => row.kind === "came-and-went" && row.alertId === alert.id);
        expect(named.map(({ generation }) => generation)).toContain(alert.generation);
      }
    }
  });
});

/** A notice of its last entry into BAD waits, and was never under way. */
function isUntold(model: AlertModel, roomId: string, { id }: Alert): boolean {
  const isWaiting = ({ alertId, kind, state, possiblySent }: ReturnType<typeof queuedFor>[number]) =>
    alertId === id && NEWS.includes(kind) && state !== "claimed" && !possiblySent;
  return queuedFor(model, roomId).some(isWaiting);
}

test("f: what came and went is named once, but for a message that may have been lost", () => {
  inTheEnd(({ posts }) => {
    const named = posts.flatMap(({ roomId, isRepeat, ...post }) =>
      allNotices(post)
        .filter(({ kind }) => kind === "came-and-went" && !isRepeat)
        .map(({ alertId, generation }) => `${roomId} ${alertId} ${generation}`),
    );
    expect(named).toEqual([...new Set(named)]);
  });
});

test("f: notified once: again only after a crash or a lost answer between POST and record, and with a mark", () => {
  inTheEnd(({ model, posts }, events) => {
    // The quiet period begins with a crash, which interrupts messages in flight as well.
    const all = [...events, ...QUIET_PERIOD];
    const accidents = all.filter((event) => event === "crash" || event.endsWith("answer")).length;
    for (const messages of model.rooms.flatMap(({ roomId }) => messagesByStay(model, posts, roomId))) {
      const again = messages.slice(1).filter((post) => !hasSummaryNotice(post));
      const unmarked = again.filter(({ isRepeat }) => !isRepeat);
      expect(unmarked.length).toBeLessThanOrEqual(isOmittedFromRepeat(posts, messages) ? 1 : 0);
      expect(again.length).toBeLessThanOrEqual(accidents);
    }
  });
});

/** For each opening and re-opening, the messages that told the space of it. */
function messagesByStay(model: AlertModel, posts: readonly Post[], roomId: string): readonly (readonly Post[])[] {
  return model.alerts.flatMap(({ id, reopenedAt }) => {
    const all = messagesTellingOf(posts, roomId, id);
    const stays = [0, ...reopenedAt.map((_, before) => before + 1)];
    return stays.map((stay) => all.filter((post) => stayIn(post, id) === stay));
  });
}

/**
 * A summary notice told of the alert first, its answer was lost, and its repeat omits the alert, because it is made from the
 * present state. If the alert is muted by then, no record says that the space was told.
 */
function isOmittedFromRepeat(posts: readonly Post[], all: readonly Post[]): boolean {
  const [first] = all;
  if (first === undefined || !hasSummaryNotice(first)) return false;
  const later = posts.slice(posts.indexOf(first)).filter(({ roomId }) => roomId === first.roomId);
  return later.some((post) => post.isRepeat && hasSummaryNotice(post) && !all.includes(post));
}

/** The messages that told a space that an alert is open. A summary notice may list what the space knows already. */
function messagesTellingOf(posts: readonly Post[], roomId: string, id: number): readonly Post[] {
  const isNews = ({ kind, alertId }: Post["notices"][number]) => alertId === id && NEWS.includes(kind);
  return posts.filter(
    (post) =>
      post.roomId === roomId && stayIn(post, id) !== undefined && (hasSummaryNotice(post) || post.notices.some(isNews)),
  );
}

const NEWS: readonly NoticeKind[] = ["alert", "reopen", "flapping"];

function hasSummaryNotice({ notices }: Post): boolean {
  return notices.some(({ kind }) => isSummaryNotice(kind));
}

function stayIn({ alerts }: Post, id: number): number | undefined {
  return alerts.find((alert) => alert.id === id)?.reopenedAt.length;
}

test("ALERTS 23: a space that muted an alert is notified of its recovery, and nothing else", () => {
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

test("ALERTS 22: no reminder of an acknowledged alert, or of one that is over", () => {
  inTheEnd(({ posts }) => {
    const reminders = posts.filter(({ notices }) => notices.some(({ kind }) => kind === "reminder"));
    const alerts = reminders.flatMap((reminder) => reminder.alerts);
    expect(alerts.filter((alert) => alert.ack !== undefined || !isActive(alert))).toEqual([]);
  });
});
