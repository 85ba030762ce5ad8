import type { Store } from "../domain/ports.ts";
import { createCards } from "./cards.ts";
import { type DatabaseOptions, openDatabase } from "./database.ts";
import { createInbox } from "./inbox.ts";
import { createLeases } from "./leases.ts";
import { createPeople } from "./people.ts";
import { createRooms } from "./rooms.ts";
import { createSnapshot } from "./snapshot.ts";
import { createTokens } from "./tokens.ts";
import { createWriter } from "./writer.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Everything the bot remembers. Throws a `Failure` with the cure when the database cannot be opened. */
export async function openStore(options: DatabaseOptions): Promise<Store> {
  const { db, alone, close } = await openDatabase(options);
  const inbox = createInbox(db, { alone });
  const cards = createCards(db);
  const people = createPeople(db);
  const rooms = createRooms(db);
  const writer = createWriter({ db, alone });
  return {
    inbox,
    cards,
    people,
    rooms,
    tokens: createTokens(db),
    leases: createLeases(db),
    snapshot: createSnapshot(db),
    writer,
    async ping() {
      await db.selectNoFrom(({ lit }) => lit(1).as("one")).execute();
    },
    async tidy(now) {
      const events = await inbox.tidy(now - DAY);
      const seen = await cards.tidy(now - 30 * DAY);
      const known = await people.tidy(now - 7 * DAY);
      const told = await rooms.tidy({ members: now - 7 * DAY, refusals: now - DAY });
      const past = await writer.tidy(now);
      return events + seen + known + told + past;
    },
    close,
  };
}
