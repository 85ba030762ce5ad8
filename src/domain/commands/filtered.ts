import type { Command } from "./command.ts";
import { readList, withoutSettings } from "./list.ts";
import { meant, type Reading } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { spoken, type Token } from "./tokens.ts";

/** `find` and its like take the same filter as a list. */
export function readFind(rest: readonly Token[], distance: Distance): Reading<Command> {
  const reading = readList("find", withoutSettings(rest), distance);
  return reading.ok ? meant({ name: "find", filter: reading.value.filter }) : reading;
}

/** "summary by status": it counts by everything it can, so this adds nothing. */
export function readSummary(rest: readonly Token[], distance: Distance): Reading<Command> {
  const filter = withoutSettings(rest).filter(
    (_, at) => spoken(rest[at]) !== "by" && spoken(rest[at - 1]) !== "by",
  );
  const reading = readList("summary", filter, distance);
  return reading.ok ? meant({ name: "summary", filter: reading.value.filter }) : reading;
}

export function readExport(rest: readonly Token[], distance: Distance): Reading<Command> {
  const reading = readList("export", rest, distance);
  if (!reading.ok) return reading;
  const { filter, sort } = reading.value;
  return meant({ name: "export", filter, ...(sort !== undefined && { sort }) });
}
