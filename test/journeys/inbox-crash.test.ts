import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import { onFile } from "../support/databases.ts";

const WRITER = fileURLToPath(new URL("../../dist/journeys/test/journeys/write-until-killed.js", import.meta.url));

/** Starts a writer, kills it after `count` confirmed events, during the next one, and returns all that it confirmed. */
async function writeAndKill(dataDir: string, round: number, count: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, dataDir, `${round}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const confirmed: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    confirmed.push(line);
    if (confirmed.length === count) writer.kill("SIGKILL");
  }
  return confirmed;
}

onFile((database) => {
  test("a kill at any moment loses no confirmed event", async () => {
    const { dataDir } = database.location();
    const confirmed: string[] = [];
    for (const [round, count] of [1, 7, 40, 150].entries()) {
      const keys = await writeAndKill(dataDir, round, count);
      expect(keys.length).toBeGreaterThanOrEqual(count);
      confirmed.push(...keys);
    }
    const store = await openStore({ dataDir });
    for (const key of confirmed) {
      const again = { idempotencyKey: key, roomId: "", resource: "", event: "", body: "" };
      expect({ key, isNew: await store.inbox.add(again, 0) }).toEqual({ key, isNew: false });
    }
    const [, last] = confirmed.at(-1)?.split(":") ?? [];
    expect((await store.tokens.read())?.expiresAt).toBeGreaterThanOrEqual(Number(last));
    await store.close();
  });
});
