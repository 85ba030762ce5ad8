import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds package.json and cards, whether this file runs from src or from a folder of a build. */
export const PACKAGE_ROOT = folderWith("package.json", import.meta.dirname);

/** The version of the bot. */
export function readVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"));
  return String(version);
}

function folderWith(name: string, start: string): string {
  if (existsSync(join(start, name)) || start === dirname(start)) return start;
  return folderWith(name, dirname(start));
}
