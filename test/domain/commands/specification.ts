import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";

/** Ids in the API's two forms, one with the padding of base64, and an external id. */
export const ID = "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA4";
export const PADDED_ID = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9hYmM9PQ==";
export const UUID = "c1677a16-557a-4fb4-b48f-24adde57ec99";

export const ERRORS = "customers status=error,provisioned_with_errors";

/** One part of the command language: messages, and the canonical text of the command that each means. */
export function describeCommands(title: string, rows: readonly (readonly [sent: string, canonical: string])[]): void {
  describe(title, () => {
    test.each(rows)("%s", (sent, canonical) => {
      expect(canonicalText(sent)).toBe(canonical);
    });
  });
}

function canonicalText(text: string): string {
  const parsed = parse(text, { distance });
  return parsed.ok ? format(parsed.command) : `not understood: ${parsed.problem}`;
}
