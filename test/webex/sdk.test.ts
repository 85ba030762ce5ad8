import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assertOwnSdk } from "../../src/webex/sdk.ts";

let root: string;
let bot: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bot-sdk-"));
  bot = join(root, "dist/webex/framework.js");
});
afterEach(() => rmSync(root, { recursive: true }));

function install(folder: string, manifest: object): void {
  const path = join(root, "node_modules", folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
}

const FRAMEWORK = "webex-node-bot-framework";
const STAND_IN = { name: "webex", version: "2.4.2", private: true };
const REAL = { name: "webex", version: "2.60.4" };

test("this clone gives the framework the bot's own package", () => {
  expect(assertOwnSdk(import.meta.filename)).toMatchObject({ version: "2.4.2" });
});

test("an SDK that the framework brought along is refused, although the bot itself has its own package", () => {
  install(FRAMEWORK, { name: FRAMEWORK });
  install("webex", STAND_IN);
  install(`${FRAMEWORK}/node_modules/webex`, REAL);
  expect(() => assertOwnSdk(bot)).toThrow(
    expect.objectContaining({ code: "webex.sdk", message: expect.stringContaining("2.60.4") }),
  );
});

test("the real SDK for both is refused, and so is none", () => {
  install(FRAMEWORK, { name: FRAMEWORK });
  expect(() => assertOwnSdk(bot)).toThrow(expect.objectContaining({ code: "webex.sdk" }));
  install("webex", REAL);
  expect(() => assertOwnSdk(bot)).toThrow(expect.objectContaining({ code: "webex.sdk" }));
});
