import { execFileSync } from "node:child_process";

/** Builds once what journeys start as a process of its own: the bot, the sandbox, and a writer that is killed. */
export function setup(): void {
  for (const args of [
    ["run", "--silent", "build"],
    ["run", "--silent", "build:sandbox"],
    ["exec", "--", "tsc", "-p", "test/journeys"],
  ])
    execFileSync("npm", args, { stdio: "inherit" });
}
