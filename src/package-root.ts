import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds package.json and cards, whether this file runs from src or from a folder of a build. */
export const PACKAGE_ROOT = folderWith("package.json", import.meta.dirname);

function folderWith(name: string, start: string): string {
  if (existsSync(join(start, name)) || start === dirname(start)) return start;
  return folderWith(name, dirname(start));
}
