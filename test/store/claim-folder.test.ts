import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { claimFolder } from "../../src/store/file.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bot-claim-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a folder has one bot at a time", () => {
  const folder = newFolder();
  const free = claimFolder(folder);
  expect(() => claimFolder(folder)).toThrow(/Another bot is at work/);
  free();
  claimFolder(folder)();
});

test("a folder that cannot be written is told with its cure", () => {
  expect(() => claimFolder("/dev/null/data")).toThrow(expect.objectContaining({ code: "store.notWritable" }));
});
