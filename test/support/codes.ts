import { readKnownCodes } from "../../src/codes-file.ts";

/** The entries that the bot comes with. */
export const CODES = readKnownCodes("cards/codes.json", new Map());
