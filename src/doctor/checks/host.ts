import process from "node:process";
import { readEngines } from "../../package-root.ts";
import { assertOwnSdk } from "../../webex/sdk.ts";
import { failed, type Outcome, ok } from "../outcome.ts";

/** @param version such as `20.19.4` */
export function checkNode(version = process.versions.node): Outcome {
  const { node } = readEngines();
  const oldest = node.replace(/^>=/, "");
  if (isAtLeast(version, oldest)) return ok(version);
  return failed(`${version} is too old`, `Install Node.js ${oldest} or newer.`);
}

function isAtLeast(version: string, oldest: string): boolean {
  const parts = (text: string) => text.split(".").map((part) => Number.parseInt(part, 10));
  const [given, wanted] = [parts(version), parts(oldest)];
  const at = wanted.findIndex((part, index) => part !== (given[index] ?? 0));
  return at === -1 || (given[at] ?? 0) > (wanted[at] ?? 0);
}

/** @param from a module of the bot */
export function checkSdk(from: string): Outcome {
  const { version } = assertOwnSdk(from);
  return ok(`the framework loads the bot's own package in the place of webex ${version}`);
}
