import { execFileSync } from "node:child_process";

/** Builds once the programs that journeys start as processes: the bot, the sandbox, and the writer that is killed. */
export function setup(): void {
  for (const args of [
    ["run", "--silent", "build:if-possible"],
    ["run", "--silent", "build:sandbox"],
    ["exec", "--", "tsc", "-p", "test/journeys"],
  ])
    execFileSync("npm", args, { stdio: "inherit" });
}
