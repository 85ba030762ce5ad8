import type { Scope } from "../domain/customers/sweep.ts";
import { transitionsBetween } from "../domain/customers/transition.ts";
import type { SnapshotWriter } from "../domain/snapshot.ts";
import { countAbsence, findAbsence } from "./absence.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { storableText } from "./customer-rows.ts";
import { writeTransitions } from "./history.ts";
import { type Fencing, fenced } from "./leases.ts";
import { writeName } from "./names.ts";
import { arrivalsOf, writeArrivals } from "./pages.ts";
import { recordsById } from "./records.ts";
import { analyze } from "./statistics.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "./sweeps.ts";
import { keepTally } from "./tallies.ts";
import { tidySnapshot } from "./tidy.ts";

/** Progress is saved with a page that writes anyway, else at most this often: a sweep that finds nothing new writes next to nothing. */
const PROGRESS_MS = 5000;

export function createWriter(fencing: Fencing): SnapshotWriter {
  const savedAt = new Map<Scope, number>();
  const { db } = fencing;
  return {
    beginSweep: (fence, now) =>
      fenced(fencing, fence, async (transaction) => {
        savedAt.set(fence.scope, now);
        return startSweep(transaction, fence.scope, now);
      }),
    recordPage({ customers, at, sweep }, fence) {
      const { scope } = fence;
      const arrivals = arrivalsOf(customers);
      return fenced(fencing, fence, async (transaction) => {
        const { transitions, wrote } = await writeArrivals(transaction, arrivals, { scope, at });
        const isDue = at - (savedAt.get(scope) ?? 0) >= PROGRESS_MS;
        if (sweep !== undefined && (wrote || isDue)) {
          await saveProgress(transaction, sweep, at);
          savedAt.set(scope, at);
        }
        return transitions;
      });
    },
    async endSweep(sweep, seen, fence) {
      const { scope } = fence;
      const counts = sweep.state === "complete" && !sweep.resumed && seen !== undefined;
      const absence = counts ? await findAbsence(db, scope, seen) : undefined;
      const { isFirstOfDay, absentTwice } = await fenced(fencing, fence, async (transaction) => {
        await closeSweep(transaction, sweep);
        return {
          isFirstOfDay: sweep.state === "complete" && (await keepTally(transaction, scope, endOf(sweep))),
          absentTwice: absence ? await countAbsence(transaction, scope, absence) : [],
        };
      });
      if (isFirstOfDay) await analyze(db);
      return { absentTwice };
    },
    remove: (customerIds, now, fence) =>
      fenced(fencing, fence, async (transaction) => {
        const { scope } = fence;
        const gone = [...(await recordsById(transaction, scope, [...new Set(customerIds)])).values()];
        const transitions = gone.flatMap(({ customer }) => transitionsBetween(customer, undefined, now));
        await writeTransitions(transaction, scope, transitions);
        for (const ids of chunksOf(gone, IDS)) {
          await transaction
            .deleteFrom("customers")
            .where("scope", "=", scope)
            .where(
              "id",
              "in",
              ids.map(({ customer }) => customer.id),
            )
            .execute();
        }
        return transitions;
      }),
    saveName: (orgId, name, now) =>
      db.transaction().execute(async (transaction) => {
        await writeName(transaction, orgId, { name: name ? storableText(name) : null, namedAt: now });
      }),
    tidy: (now) => tidySnapshot(db, now),
  };
}
