import { examine } from "../../src/doctor/examine.ts";
import type { Result } from "../../src/doctor/outcome.ts";
import type { Clock } from "../../src/domain/ports/runtime.ts";

/** A slow or busy machine never reaches these: a test is about what is found, not about how soon. */
const PATIENCE = { callMs: 600_000, checkMs: 1_200_000 };

/** Every result of the doctor for this environment. @param clock of the machine on which it looks */
export async function resultsOf(
  environment: Readonly<Record<string, string | undefined>>,
  clock?: Clock,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for await (const result of examine(environment, { patience: PATIENCE, ...(clock && { clock }) }))
    results.push(result);
  return results;
}
