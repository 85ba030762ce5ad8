import { readFileSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { openAsker } from "../asker.ts";
import { type BenchDatabase, environmentOf } from "../bench-databases.ts";
import { startBot } from "../bot.ts";
import { markdownTable } from "../report.ts";
import type { Twins } from "../twins.ts";
import { QUESTION, SPACES } from "./commands.ts";

/** By name of a table or an index, how many pages of it a question writes into the journal. */
export type PagesWritten = ReadonlyMap<string, number>;

/** Counts, in the file's journal, what one question in each space writes, one after the other. */
export async function measurePages(twins: Twins, home: BenchDatabase): Promise<PagesWritten> {
  await twins.forbidNames();
  const asker = await openAsker(twins, SPACES);
  const bot = startBot({ ...environmentOf(twins, home), SWEEP_INTERVAL: "1d", WATCH_INTERVAL: "1d" });
  const askEach = async (): Promise<readonly number[]> => {
    for (let space = 0; space < SPACES; space += 1) await asker.ask(space, QUESTION);
    return readJournal(join(home.dataDir, "bot.db-wal"));
  };
  let written: readonly number[];
  try {
    await bot.waitFor("sweep.complete");
    const before = await askEach();
    const after = await askEach();
    if (after.length < before.length) throw new Error("The journal began anew: fewer questions fit into it.");
    written = after.slice(before.length);
  } finally {
    await bot.stop();
    asker.close();
  }
  return countByName(join(home.dataDir, "bot.db"), written);
}

/** Sizes in bytes, and places in the headers, as https://www.sqlite.org/fileformat2.html#walformat has them. */
const HEADER = { bytes: 32, pageSizeAt: 8, saltsAt: 16 };
const FRAME = { bytes: 24, saltsAt: 8 };

/** The numbers of the pages in a journal, in the order in which they were written. */
function readJournal(path: string): readonly number[] {
  const journal = readFileSync(path);
  const frameBytes = FRAME.bytes + journal.readUInt32BE(HEADER.pageSizeAt);
  const salts = journal.readBigUInt64BE(HEADER.saltsAt);
  const pages: number[] = [];
  for (let at = HEADER.bytes; at + frameBytes <= journal.length; at += frameBytes) {
    // The rest of the file is of an earlier journal.
    if (journal.readBigUInt64BE(at + FRAME.saltsAt) !== salts) break;
    pages.push(journal.readUInt32BE(at));
  }
  return pages;
}

function countByName(path: string, pages: readonly number[]): PagesWritten {
  const file = new Libsql(path, { readonly: true });
  const rows = file.prepare("select pageno as page, name from dbstat").all([]) as readonly PageRow[];
  const names = new Map(rows.map(({ page, name }) => [page, name]));
  file.close();
  const counts = new Map<string, number>();
  for (const page of pages) {
    const name = names.get(page) ?? "free pages";
    counts.set(name, (counts.get(name) ?? 0) + 1 / SPACES);
  }
  return counts;
}

interface PageRow {
  readonly page: number;
  readonly name: string;
}

export function writePagesReport(written: PagesWritten): string {
  const rows = [...written].sort(([, one], [, other]) => other - one);
  const sum = rows.reduce((total, [, pages]) => total + pages, 0);
  return markdownTable(
    ["a question writes into the journal", "pages of 4 kB"],
    [
      ["**in all**", `**${sum.toFixed(1)}**`],
      ...rows.map(([name, pages]) => [`\`${name}\``, pages.toFixed(1)] as const),
    ],
  );
}
