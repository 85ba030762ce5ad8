import { bindRoom } from "../alerting/bind-room.ts";
import { createSnapshotWriter } from "../alerting/ingest.ts";
import { createOutbox } from "../alerting/outbox.ts";
import { createAlerts } from "../alerting/queries.ts";
import { tidyAlerting } from "../alerting/retention.ts";
import { inAuditedTransaction } from "../alerting/transaction.ts";
import type { Timings } from "../domain/alerts/grouping.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import { createAudit } from "../store/audit.ts";
import { createCards } from "../store/cards.ts";
import { measureClockSkew } from "../store/clock-skew.ts";
import { type DatabaseOptions, openDatabase } from "../store/database.ts";
import { createInbox } from "../store/inbox.ts";
import { createLeases } from "../store/leases.ts";
import { createPeople } from "../store/people.ts";
import { createRooms } from "../store/rooms.ts";
import { createSharedCalls } from "../store/shared-calls.ts";
import { createSnapshot } from "../store/snapshot.ts";
import { createTokenCipher } from "../store/token-cipher.ts";
import { createTokens } from "../store/tokens.ts";

const DAY = 24 * 60 * 60 * 1000;
const AUDIT_RETENTION_MS = 400 * DAY;

/** The defaults of ALERTS 12, 20 and 22. */
const DEFAULT_TIMINGS: Timings = {
  waitMs: 30_000,
  intervalMs: 300_000,
  reopenMs: 1_800_000,
  remindMs: 14_400_000,
};

export interface StoreOptions extends DatabaseOptions {
  readonly timings?: Timings;
  /** The ops room, where the bot reports on itself. */
  readonly opsRoomId?: string | undefined;
  /** Of `DATA_KEY`: the first encrypts tokens, all decrypt them. */
  readonly dataKeys?: readonly Buffer[];
  /** The clock of this machine, which is compared with the database server's. */
  readonly wallClock?: Clock;
}

/** Opens everything that the bot stores. Throws a `Failure` with a hint when the database cannot be opened. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { db, isSingleInstance, assertInPlace, close } = await openDatabase(options);
  const { timings = DEFAULT_TIMINGS, opsRoomId } = options;
  const listeners: (() => void)[] = [];
  const onCommit = (): void => {
    for (const listener of listeners) listener();
  };
  const deps = { db, isSingleInstance, timings, opsRoomId, onCommit };
  const inbox = createInbox(db, { isSingleInstance, assertInPlace });
  const cards = createCards(db);
  const people = createPeople(db);
  const rooms = createRooms(db);
  const audit = createAudit(db);
  const writer = createSnapshotWriter(deps);
  return {
    inbox,
    cards,
    people,
    rooms: {
      ...rooms,
      bind: (roomId, scope, byPersonId, now, audit) =>
        inAuditedTransaction(deps, { now, audit }, (ctx) => bindRoom(ctx, { roomId, scope, byPersonId })),
    },
    tokens: createTokens(db, createTokenCipher(options.dataKeys ?? [])),
    leases: createLeases(db),
    snapshot: createSnapshot(db),
    writer,
    alerts: createAlerts(deps),
    outbox: createOutbox(deps),
    onCommit: (listener) => void listeners.push(listener),
    audit,
    async tryWrite() {
      assertInPlace();
      await db
        .insertInto("sequences")
        .values({ name: "write test", last: 1 })
        .onConflict((conflict) => conflict.column("name").doUpdateSet((is) => ({ last: is("sequences.last", "+", 1) })))
        .execute();
    },
    sharedCalls: isSingleInstance ? undefined : createSharedCalls(db),
    clockSkew: async () => (isSingleInstance ? undefined : measureClockSkew(db, options.wallClock ?? Date.now)),
    tidy: (now) => tidyAll(now, { inbox, cards, people, rooms, audit, writer, alerting: db }),
    close,
  };
}

interface Tidied {
  readonly inbox: ReturnType<typeof createInbox>;
  readonly cards: ReturnType<typeof createCards>;
  readonly people: ReturnType<typeof createPeople>;
  readonly rooms: ReturnType<typeof createRooms>;
  readonly audit: ReturnType<typeof createAudit>;
  readonly writer: ReturnType<typeof createSnapshotWriter>;
  readonly alerting: Parameters<typeof tidyAlerting>[0];
}

/** Deletes the rows whose time is over; returns their number. */
async function tidyAll(now: number, { inbox, cards, people, rooms, audit, writer, alerting }: Tidied): Promise<number> {
  const counts = [
    await inbox.tidy(now - DAY),
    await cards.tidy(now - 30 * DAY),
    await people.tidy(now - 7 * DAY),
    await rooms.tidy({ members: now - 7 * DAY, denials: now - DAY }),
    await writer.tidy(now),
    await tidyAlerting(alerting, now),
    await audit.tidy(now - AUDIT_RETENTION_MS),
  ];
  return counts.reduce((sum, count) => sum + count, 0);
}
