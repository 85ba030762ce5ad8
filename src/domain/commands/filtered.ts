import type { Command } from "./command.ts";
import { parseList, withoutSettings } from "./list.ts";
import { type ParseResult, parsed } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { type Token, unquotedWord } from "./tokens.ts";

/** `find` and its like take the same filter as a list. */
export function parseFind(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const reading = parseList("find", withoutSettings(rest), distance);
  return reading.ok ? parsed({ name: "find", filter: reading.value.filter }) : reading;
}

/** "summary by status": it counts by everything it can, so this adds nothing. */
export function parseSummary(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const filter = withoutSettings(rest).filter(
    (_, at) => unquotedWord(rest[at]) !== "by" && unquotedWord(rest[at - 1]) !== "by",
  );
  const reading = parseList("summary", filter, distance);
  return reading.ok ? parsed({ name: "summary", filter: reading.value.filter }) : reading;
}

export function parseExport(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const reading = parseList("export", rest, distance);
  if (!reading.ok) return reading;
  const { filter, sort } = reading.value;
  return parsed({ name: "export", filter, ...(sort !== undefined && { sort }) });
}
