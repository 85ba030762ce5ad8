import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockDataDir } from "../../src/store/data-dir-lock.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bot-claim-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a folder has one bot at a time", () => {
  const folder = newFolder();
  const free = lockDataDir(folder);
  expect(() => lockDataDir(folder)).toThrow(/Another bot is running/);
  free();
  lockDataDir(folder)();
});

test("the lock is private", () => {
  const folder = newFolder();
  onTestFinished(lockDataDir(folder));
  expect(statSync(join(folder, "bot.lock")).mode & 0o777).toBe(0o600);
});

test("a folder that cannot be written is reported with a hint", () => {
  expect(() => lockDataDir("/dev/null/data")).toThrow(expect.objectContaining({ code: "store.notWritable" }));
});
