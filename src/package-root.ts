import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds package.json and cards, whether this file runs from src or from a folder of a build. */
export const PACKAGE_ROOT = folderWith("package.json", import.meta.dirname);

interface PackageFile {
  readonly version: string;
  readonly engines: { readonly node: string };
}

const readPackage = (): PackageFile => JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"));

/** The version of the bot. */
export const readVersion = (): string => readPackage().version;

/** The versions of Node.js that the bot runs on. */
export const readEngines = (): { readonly node: string } => readPackage().engines;

function folderWith(name: string, start: string): string {
  if (existsSync(join(start, name)) || start === dirname(start)) return start;
  return folderWith(name, dirname(start));
}
