import { readKnownCodes } from "../../src/codes-file.ts";

/** What the bot comes with. */
export const CODES = readKnownCodes("cards/codes.json", new Map());
