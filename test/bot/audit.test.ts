import { expect, test } from "vitest";
import { createProcessEvent } from "../../src/bot/process-event.ts";
import type { EventEnd, InboxEvent, Store } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { event, NOON } from "../store/inbox-fixtures.ts";
import { auditEntry } from "../support/audit.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { MINUTE } from "../support/time.ts";
import { NOTHING_LATE } from "../support/under-way.ts";

const rowsOf = async ({ audit }: Store) =>
  (await audit.find({ terms: [], offset: 0, max: 100 })).rows.map(({ text, outcome }) => `${text}: ${outcome}`);

interface Life {
  readonly store: Store;
  readonly now?: number;
  /** The handling of the event; it returns what belongs to its end. */
  readonly handle: (event: InboxEvent) => Promise<EventEnd>;
  /** The process is killed instead of recording that the event is done. */
  readonly isKilled?: boolean;
}

/** A process claims what is due, handles it, and ends. */
async function live({ store, now = NOON, handle, isKilled = false }: Life): Promise<void> {
  const killed = async () => {
    throw new Error("killed");
  };
  const process = createProcessEvent({
    ...store,
    inbox: isKilled ? { ...store.inbox, done: killed } : store.inbox,
    log: SILENT_LOG,
    clock: () => now,
    holder: "the process",
    waitForTurn: async () => 0,
    handleEvent: handle,
    underWay: NOTHING_LATE,
  });
  const claimed = await store.inbox.claim("the process", now, MINUTE);
  if (claimed !== undefined) await process(claimed).catch(() => undefined);
}

const answered = async ({ id }: InboxEvent) => ({ audit: auditEntry({ eventId: id }) });

/** Saves a change with its row, as the answer to `allow space` does. */
const allowing =
  (store: Store, fails = false) =>
  async (claimed: InboxEvent) => {
    const entry = auditEntry({ eventId: claimed.id, text: "allow space", outcome: "done" });
    await store.rooms.allow("war", true, "ada", NOON, entry);
    if (fails) throw new Failure("webex.forbidden", "No.", "Ask.");
    return { audit: entry };
  };

onEveryDatabase((database) => {
  async function asked(): Promise<Store> {
    const store = await database.open();
    await store.inbox.add({ ...event("war", "k1"), senderId: "ada" }, NOON);
    return store;
  }

  test("a process that is killed between answer and row answers again, and writes one row", async () => {
    const store = await asked();
    await live({ store, handle: answered, isKilled: true });
    expect([await rowsOf(store), await store.inbox.waiting()]).toEqual([[], 1]);
    await live({ store, handle: answered, now: NOON + 2 * MINUTE });
    expect([await rowsOf(store), await store.inbox.waiting()]).toEqual([["watches: answered"], 0]);
  });

  test("a change has its row although the process is killed before the answer, and only one after the next try", async () => {
    const store = await asked();
    await live({ store, handle: allowing(store), isKilled: true });
    expect(await rowsOf(store)).toEqual(["allow space: done"]);
    await live({ store, handle: allowing(store), now: NOON + 2 * MINUTE });
    expect([await rowsOf(store), await store.inbox.waiting()]).toEqual([["allow space: done"], 0]);
  });

  test("a change whose answer was given up has both rows", async () => {
    const store = await asked();
    await live({ store, handle: allowing(store, true) });
    await live({ store, handle: allowing(store, true), now: NOON + 16 * MINUTE });
    expect(await rowsOf(store)).toEqual([": unanswered", "allow space: done"]);
  });

  test("a question that is given up is a row of the person who asked, with the reason", async () => {
    const store = await asked();
    await live({ store, handle: answered, now: NOON + 16 * MINUTE });
    const { rows } = await store.audit.find({ terms: [], offset: 0, max: 9 });
    const who = { is: "person", personId: "ada", name: "" };
    expect(rows).toMatchObject([
      { who, outcome: "unanswered", because: "it waited longer than 15 min", role: "unknown" },
    ]);
  });
});
