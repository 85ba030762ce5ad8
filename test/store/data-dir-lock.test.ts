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

test("a folder has one bot at a time", async () => {
  const folder = newFolder();
  const free = await lockDataDir(folder);
  await expect(lockDataDir(folder)).rejects.toThrow(/Another bot is running/);
  free();
  const freeAgain = await lockDataDir(folder);
  freeAgain();
});

// Only Linux has names that are no files.
test.runIf(process.platform === "linux")("no second bot comes in when somebody removes the lock's file", async () => {
  const folder = newFolder();
  onTestFinished(await lockDataDir(folder));
  rmSync(join(folder, "bot.lock"));
  await expect(lockDataDir(folder)).rejects.toThrow(/Another bot is running/);
});

test("the lock is private", async () => {
  const folder = newFolder();
  onTestFinished(await lockDataDir(folder));
  expect(statSync(join(folder, "bot.lock")).mode & 0o777).toBe(0o600);
});

test("a folder that cannot be written is reported with a hint", async () => {
  await expect(lockDataDir("/dev/null/data")).rejects.toMatchObject({ code: "store.notWritable" });
});
