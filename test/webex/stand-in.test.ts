import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { assertStandIn } from "../../src/webex/framework.ts";

/** A folder in which `webex` is another package, or none. */
function folderWith(sdk: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "wholesale-bot-sdk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "node_modules/webex"), { recursive: true });
  if (sdk !== undefined) writeFileSync(join(folder, "node_modules/webex/index.js"), sdk);
  return join(folder, "index.js");
}

test("the framework gets the stand-in of this bot in the place of the Webex SDK", () => {
  const framework = createRequire(import.meta.url).resolve("webex-node-bot-framework");
  expect(() => assertStandIn(framework)).not.toThrow();
});

test.each(["module.exports = { init: () => ({}) };", undefined])(
  "another SDK, or none, is refused with a cure: %s",
  (sdk) => {
    try {
      assertStandIn(folderWith(sdk));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({ code: "webex.sdk", hint: expect.stringContaining("npm ci") });
    }
  },
);
