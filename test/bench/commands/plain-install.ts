import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = "webex-node-bot-framework";

/**
 * Installs the framework in the version that the bot uses, with the real SDK and all that it depends on, into a folder of its own
 * that is kept for the next time. @returns the folder
 */
export function installPlain(): string {
  const manifest = createRequire(import.meta.url).resolve(`${NAME}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const folder = join(tmpdir(), `bot-bench-plain-${version}`);
  if (existsSync(join(folder, "package-lock.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const args = ["install", "--omit=optional", "--no-audit", "--no-fund", `${NAME}@${version}`];
  // The output of npm is not part of the report.
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", process.stderr, process.stderr] });
  return folder;
}
