import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import { onFile } from "../support/databases.ts";

const ROOT = resolve(import.meta.dirname, "../..");
let built: string;

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), "bot-built-"));
  const config = {
    extends: join(ROOT, "tsconfig.build.json"),
    compilerOptions: {
      rootDir: ROOT,
      outDir: built,
      sourceMap: false,
      typeRoots: [join(ROOT, "node_modules/@types")],
    },
    include: [],
    files: [join(ROOT, "test/store/writer.ts")],
  };
  writeFileSync(join(built, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(join(built, "package.json"), '{ "type": "module" }');
  symlinkSync(join(ROOT, "node_modules"), join(built, "node_modules"));
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", built]);
});

afterAll(() => rmSync(built, { recursive: true }));

/** Lets a writer promise `count` events, kills it in the middle of the next one, and returns all it promised. */
async function writeAndKill(dataDir: string, round: number, count: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [join(built, "test/store/writer.js"), dataDir, `${round}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const promised: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    promised.push(line);
    if (promised.length === count) writer.kill("SIGKILL");
  }
  return promised;
}

onFile((database) => {
  test("a kill at any moment loses no event that was promised", async () => {
    const { dataDir } = database.location();
    const promised: string[] = [];
    for (const [round, count] of [1, 7, 40, 150].entries()) {
      const keys = await writeAndKill(dataDir, round, count);
      expect(keys.length).toBeGreaterThanOrEqual(count);
      promised.push(...keys);
    }
    const store = await openStore({ dataDir });
    for (const key of promised) {
      const again = { key, roomId: "", resource: "", event: "", body: "" };
      expect({ key, isNew: await store.inbox.add(again, 0) }).toEqual({ key, isNew: false });
    }
    const [, last] = promised.at(-1)?.split(":") ?? [];
    expect((await store.tokens.read())?.expiresAt).toBeGreaterThanOrEqual(Number(last));
    await store.close();
  });
});
