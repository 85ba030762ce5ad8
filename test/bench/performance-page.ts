import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { PERFORMANCE_PAGE } from "./paths.ts";

/** The load of the machine before the bench adds its own. */
const [loadBefore = 0] = loadavg();

/** Replaces the table of this name on docs/performance.md, and says below it where it was measured. */
export function writeIntoPage(name: string, table: string): void {
  const page = readFileSync(PERFORMANCE_PAGE, "utf8");
  writeFileSync(PERFORMANCE_PAGE, withTable(page, name, `${table.trim()}\n\n${describeMachine(new Date())}`));
}

/** The page with another content between the two marks of this name. Throws when the page has no such place. */
export function withTable(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- measured: ${name} -->`, "<!-- end -->"];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The page has no place for the table "${name}".`);
  return `${page.slice(0, from)}${begin}\n\n${content}\n\n${page.slice(to)}`;
}

function describeMachine(now: Date): string {
  const [{ model = "unknown processor" } = {}] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  const machine = `${availableParallelism()} cores (${model.trim()}), ${memory}, Node.js ${process.versions.node}`;
  return `*${now.toISOString().slice(0, 10)}: ${machine}, with a load of ${loadBefore.toFixed(1)} before it began.*`;
}
