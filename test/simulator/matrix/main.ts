import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CALLS } from "./calls.ts";
import { describeOutcome, type Row, readDocument, testName, writeDocument } from "./document.ts";
import { FAULTS } from "./faults.ts";
import { OTHER_FAULTS } from "./other-faults.ts";
import { playFault } from "./play-fault.ts";

const PAGE = "docs/reliability.md";
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Plays every fault of every call, or those whose names contain `--only`, and writes the page. The other lines stay. */
async function main(): Promise<void> {
  const { only = "" } = parseArgs({ options: { only: { type: "string" } } }).values;
  const known = existsSync(PAGE) ? readDocument(readFileSync(PAGE, "utf8")) : new Map<string, string>();
  const rows: Row[] = [];
  for (const call of CALLS) {
    for (const [fault, parts] of Object.entries(FAULTS)) {
      const name = testName({ call, fault });
      const kept = name.includes(only) ? undefined : known.get(name);
      const outcome = kept ?? describeOutcome(await playFault(call, parts), parts);
      rows.push({ call, fault, outcome });
      if (kept === undefined) print(`${name}: ${outcome}`);
    }
  }
  writeFileSync(PAGE, writeDocument(rows, OTHER_FAULTS));
}

await main();
