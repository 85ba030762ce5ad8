import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { Client } from "./clients.ts";

const run = promisify(execFile);

/** True if npm can ask its registry. */
export async function isRegistryReachable(): Promise<boolean> {
  const once = ["--fetch-retries=0", "--fetch-timeout=20000"];
  return run("npm", ["view", "webex-node-bot-framework", "version", ...once]).then(
    () => true,
    () => false,
  );
}

/** Installs a client as it is published, in a folder of its own, and puts the bots beside it. Returns the folder. */
export async function install({ name, packages }: Client, parent: string): Promise<string> {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  cpSync(join(PACKAGE_ROOT, "test/foreign/bots"), folder, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--omit=optional", "--ignore-scripts"];
  await run("npm", ["install", ...quiet, ...packages], { cwd: folder });
  return folder;
}
