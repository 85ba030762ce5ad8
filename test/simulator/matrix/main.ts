import { writeFileSync } from "node:fs";
import { CALLS } from "./calls.ts";
import { describeOutcome, type Row, writeDocument } from "./document.ts";
import { FAULTS } from "./faults.ts";
import { playFault } from "./play-fault.ts";

const PAGE = "docs/reliability.md";
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Plays every fault of every call, and writes the page. */
async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const call of CALLS) {
    for (const [fault, parts] of Object.entries(FAULTS)) {
      const outcome = describeOutcome(await playFault(call, parts), parts);
      rows.push({ call, fault, outcome });
      print(`${call.name}, ${fault}: ${outcome}`);
    }
  }
  writeFileSync(PAGE, writeDocument(rows));
}

await main();
