import { readConfig } from "../config.ts";
import { allChecks } from "./checks.ts";
import type { Result } from "./outcome.ts";
import { runChecks } from "./run-checks.ts";
import { createSubject } from "./subject.ts";

/** Makes all checks of an environment, and yields each result as soon as those before it are known. */
export async function* examine(environment: Readonly<Record<string, string | undefined>>): AsyncGenerator<Result> {
  const read = readConfig(environment);
  const subject = read.ok ? createSubject(read.config) : undefined;
  try {
    yield* runChecks(allChecks(read, subject));
  } finally {
    await subject?.close();
  }
}
