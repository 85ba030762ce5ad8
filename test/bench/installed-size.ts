import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPlain } from "./commands/plain-install.ts";
import { ROOT } from "./paths.ts";
import { formatMegabytes, markdownTable, type Row } from "./report.ts";

/** The size on the disk after `npm ci --omit=dev` and a build, beside that of the framework with its SDK, as a table. */
export function measureInstalledSize({ plain }: { readonly plain: boolean }): string {
  const rows: Row[] = [
    [
      "`node_modules`",
      formatMegabytes(sizeOfProduction()),
      plain ? formatMegabytes(sizeOfModules(installPlain())) : "–",
    ],
    ["`dist`", formatMegabytes(sizeOfBuild()), ""],
  ];
  return markdownTable(["installed for production", "ours", "plain framework"], rows);
}

/** Everything that npm needs of the repository; the stand-ins are packages of it. */
const INSTALLED_FROM = ["package.json", "package-lock.json", "src/webex/stand-ins"];

function sizeOfProduction(): number {
  const folder = mkdtempSync(join(tmpdir(), "bot-bench-size-"));
  try {
    for (const path of INSTALLED_FROM) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    const args = ["ci", "--omit=dev", "--no-audit", "--no-fund"];
    // The output of npm is not part of the report.
    execFileSync("npm", args, { cwd: folder, stdio: ["ignore", process.stderr, process.stderr] });
    return sizeOfModules(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sizeOfModules = (folder: string): number => sizeOf(filesBelow(join(folder, "node_modules")));

/** The bot alone: what is compiled for tests and benches has folders beside it. */
function sizeOfBuild(): number {
  const dist = join(ROOT, "dist");
  const isOfBot = (path: string) => !path.slice(dist.length + 1).includes("/") || path.startsWith(join(dist, "chunks"));
  return sizeOf(filesBelow(dist).filter(isOfBot));
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const sizeOf = (files: readonly string[]): number => files.reduce((sum, path) => sum + statSync(path).size, 0);
