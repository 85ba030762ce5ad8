import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { runFlows } from "./flows.ts";
import { measureSource, type Row } from "./source.ts";

/**
 * `npm run bench:house -- [checkout] [test file]` prints how the code of a checkout is laid out, as a Markdown table. The checkout
 * needs its dependencies; it is built first. It uses only the sandbox's routes, so it also measures older and newer code.
 */
const [checkout = ".", testFile = "test/domain/duration.test.ts"] = process.argv.slice(2);

/** How long a person waits for one small test file, with all that is done before and after it. */
function timeOneTest(root: string): Row {
  const begun = performance.now();
  const { status, stdout } = spawnSync("npx", ["vitest", "run", testFile], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${testFile} fails: ${stdout}`);
  return [`seconds of \`npx vitest run ${testFile}\``, ((performance.now() - begun) / 1000).toFixed(1)];
}

const root = resolve(checkout);
const rows = [...measureSource(root), ...(await runFlows(root)), timeOneTest(root)];
const lines = rows.map(([what, figure]) => `| ${what} | ${figure} |`);
process.stdout.write(["| measured | figure |", "|---|---|", ...lines, ""].join("\n"));
