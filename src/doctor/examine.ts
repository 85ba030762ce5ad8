import { readConfig } from "../config.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import { allChecks } from "./checks.ts";
import type { Result } from "./outcome.ts";
import { runChecks } from "./run-checks.ts";
import { createSubject } from "./subject.ts";

/** How long the doctor waits, milliseconds. */
interface Patience {
  /** For an answer to one call. */
  readonly callMs: number;
  /** For one check with all its calls. */
  readonly checkMs: number;
}

const PATIENCE: Patience = { callMs: 5_000, checkMs: 20_000 };

interface ExamineOptions {
  /** The clock of this machine. */
  readonly clock?: Clock;
  readonly patience?: Patience;
}

/** Makes all checks of an environment, and yields each result as soon as those before it are known. */
export async function* examine(
  environment: Readonly<Record<string, string | undefined>>,
  { clock = Date.now, patience = PATIENCE }: ExamineOptions = {},
): AsyncGenerator<Result> {
  const read = readConfig(environment);
  const subject = read.ok ? createSubject(read.config, { clock, callMs: patience.callMs }) : undefined;
  try {
    yield* runChecks(allChecks(read, subject), patience.checkMs);
  } finally {
    await subject?.close();
  }
}
