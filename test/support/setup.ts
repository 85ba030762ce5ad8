import { execFileSync } from "node:child_process";
import { findBrowser } from "./browser.ts";

/** Builds once what the tests start as a process of its own, and says at the end what this machine could not run. */
export function setup(): () => void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  const skipped = [
    ...(findBrowser() === undefined ? ["the browser tests: no Chromium here (set CHROMIUM_PATH)"] : []),
    ...(process.env.TEST_DATABASE_URL ? [] : ["the PostgreSQL tests: TEST_DATABASE_URL is not set"]),
  ];
  return () => {
    for (const what of skipped) process.stdout.write(`\n Skipped ${what}\n`);
  };
}
