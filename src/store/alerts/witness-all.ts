import { countNews } from "../../domain/alerts/held-back.ts";
import { sightingsOf } from "../../domain/alerts/sighting.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { recordsById } from "../records.ts";
import { type Witnessing, witness } from "./witness.ts";

/** Everybody who is unwell, whether anything changed or not: for the first time, or after a time without sight (ALERTS 15, 31). */
export async function witnessAll(step: Step, at: Witnessing): Promise<number> {
  const rows = await step.tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", at.scope)
    .where("unwell", "=", ({ lit }) => lit(1))
    .where("absent", "=", 0)
    .orderBy("id")
    .execute();
  let changed = 0;
  for (const chunk of chunksOf(rows, IDS)) {
    const ids = chunk.map(({ id }) => id);
    const records = [...(await recordsById(step.tx, at.scope, ids)).values()];
    const sightings = records.flatMap((record) =>
      sightingsOf(record, { scope: at.scope, kinds: ["error"], now: step.now }),
    );
    const alerts = await witness(
      step,
      at,
      sightings.filter((sighting) => sighting.class === "bad"),
    );
    await settleAlerts(step, alerts);
    changed += countNews(alerts, step.now);
  }
  return changed;
}
