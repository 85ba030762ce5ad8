import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATHS = ["/usr/bin/promtool", "/usr/local/bin/promtool", "/opt/homebrew/bin/promtool"];

/** The path of promtool on this machine. */
export const findPromtool = (): string | undefined => PATHS.find((path) => existsSync(path));

/** Runs promtool, and returns what it printed. @param input for its standard input */
export function promtool(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(findPromtool() ?? "promtool", args, { input, encoding: "utf8" });
  return { ok: status === 0, printed: stdout + stderr };
}

/** The same, with a file as its last argument. YAML has JSON in it. */
export function promtoolOn(args: readonly string[], content: object) {
  const folder = mkdtempSync(join(tmpdir(), "bot-promtool-"));
  try {
    const file = join(folder, "file.yml");
    writeFileSync(file, JSON.stringify(content));
    return promtool([...args, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
