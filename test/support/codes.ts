import { readFileSync } from "node:fs";
import { parseCodes } from "../../src/codes-file.ts";

/** What the bot is delivered with. */
export const CODES = codesOf(readFileSync("cards/codes.json", "utf8"));

function codesOf(text: string) {
  const { codes, problems } = parseCodes(text);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return codes;
}
