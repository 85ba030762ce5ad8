import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { freePort } from "../../support/free-port.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { assertAnswers } from "../judge.ts";

const MAIN = join(PACKAGE_ROOT, "dist-sandbox/main.js");

/** The exit code and the output of a second bot on the same data. */
async function startSecond({ botEnv, dataDir }: Arena, env: Readonly<Record<string, string>> = {}) {
  const port = String(await freePort());
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH ?? "",
      ...botEnv,
      DATA_DIR: dataDir,
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  child.stdout.on("data", () => /app\.started/.test(output) && child.kill("SIGKILL"));
  const [code] = await once(child, "exit");
  return { code, output };
}

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const file = join(arena.dataDir, "bot.db");
  const lock = join(arena.dataDir, "bot.lock");

  /** Harm to the file: health says so, so that no webhook is lost; a new start helps. */
  const harm = (name: string, run: () => void): Attack => ({
    name,
    async run() {
      run();
      await until(async () => {
        await arena.advanceClock("11s");
        const response = await fetch(`${arena.botUrl}/readyz`);
        assert.equal(response.status, 503, await response.text());
      });
      await arena.control("POST", "/bot", { action: "stop" });
      for (const one of readdirSync(arena.dataDir)) rmSync(join(arena.dataDir, one), { force: true, recursive: true });
      await arena.control("POST", "/bot", { action: "start" });
      await arena.waitForReady();
      await assertAnswers(arena);
    },
  });
  const refused = (name: string, run: () => void, env: Readonly<Record<string, string>> = {}): Attack => ({
    name,
    async run() {
      run();
      const { code, output } = await startSecond(arena, env);
      assert.notEqual(code, 0);
      assert.doesNotMatch(output, /app\.started/, "A second bot works on the same data.");
      await assertAnswers(arena);
    },
  });

  return [
    {
      name: "reading the files as another user of the machine",
      async run() {
        const open = readdirSync(arena.dataDir).filter(
          (name) => (statSync(join(arena.dataDir, name)).mode & 0o077) !== 0,
        );
        assert.deepEqual(open, []);
      },
    },
    {
      name: "finding the secrets in the files",
      async run() {
        await assertAnswers(arena);
        const content = readdirSync(arena.dataDir)
          .map((name) => readFileSync(join(arena.dataDir, name)).toString("latin1"))
          .join("\n");
        for (const name of ["WEBEX_BOT_TOKEN", "WEBEX_WEBHOOK_SECRET", "WHOLESALE_CLIENT_SECRET"])
          assert.ok(!content.includes(arena.botEnv[name] ?? "none"), `The files have ${name}.`);
      },
    },
    refused("a second bot", () => undefined),
    refused("a second bot with its lock removed", () => existsSync(lock) && rmSync(lock)),
    refused("a second bot through a symbolic link", () => symlinkSync(arena.dataDir, `${arena.dataDir}-link`), {
      DATA_DIR: `${arena.dataDir}-link`,
    }),
    harm("the file deleted", () => rmSync(file)),
    harm("the file replaced", () => {
      renameSync(file, `${file}.old`);
      writeFileSync(file, "not a database");
    }),
    harm("the file emptied", () => truncateSync(file, 0)),
    harm("the file overwritten in its place", () => writeFileSync(file, Buffer.alloc(200_000, 65))),
    harm("the file replaced by a link to another", () => {
      renameSync(file, `${file}.real`);
      symlinkSync(`${file}.other`, file);
    }),
    harm("the folder moved away", () => {
      renameSync(arena.dataDir, `${arena.dataDir}-moved`);
      writeFileSync(`${arena.dataDir}-moved/x`, "");
      rmSync(`${arena.dataDir}-moved`, { recursive: true });
      return void spawn("mkdir", ["-p", arena.dataDir]);
    }),
    {
      name: "a folder that everybody may write to, at a new start",
      async run() {
        await arena.control("POST", "/bot", { action: "stop" });
        chmodSync(file, 0o666);
        await arena.control("POST", "/bot", { action: "start" });
        await arena.waitForReady();
        assert.equal(statSync(file).mode & 0o077, 0);
      },
    },
  ];
}

export const database: Area = {
  name: "database files",
  judged:
    "no second bot works on the data, nobody else may read it, and /readyz says 503 where a webhook could not be stored",
  arena: { refreshes: true },
  attacks: attacksOf,
};
