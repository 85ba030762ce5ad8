import type { Reporter, TestSpecification } from "vitest/node";
import { findBrowser } from "./browser.ts";

/** About how long all files of a project take on two quiet cores. */
const USUALLY: Readonly<Record<string, string>> = {
  unit: "30 s",
  properties: "20 s",
  journeys: "2 min",
};

/** Says at the start what will run and about how long, and at the end, before failures and vitest's own summary, what did not. */
export class Preview implements Reporter {
  readonly #seed: number;
  #projects: readonly string[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const names = specifications.map(({ project }) => project.name);
    this.#projects = [...new Set(names)];
    for (const name of this.#projects) {
      const files = names.filter((one) => one === name).length;
      print(` ${name}: ${files} ${files === 1 ? "file" : "files"}${this.#more(name)}`);
    }
    this.#tellSkipped("Will skip");
    print("");
  }

  onTestRunEnd(): void {
    print("");
    this.#tellSkipped("Skipped");
  }

  #more(name: string): string {
    const { FC_TIMES = "1", FC_RUNS } = process.env;
    const time = `; all take about ${USUALLY[name]} on two quiet cores`;
    if (name !== "properties") return time;
    const isUsual = FC_TIMES === "1" && FC_RUNS === undefined;
    return `${isUsual ? time : ""}; to repeat: FC_SEED=${this.#seed}`;
  }

  #tellSkipped(verb: string): void {
    const isBlind = this.#projects.includes("journeys") && findBrowser() === undefined;
    if (isBlind) print(` ${verb} the browser tests: no Chromium here (set CHROMIUM_PATH)`);
    const other = process.env.TEST_DATABASE_URL
      ? "the file database where PostgreSQL does: TEST_DATABASE_URL is set"
      : "PostgreSQL: TEST_DATABASE_URL is not set";
    print(` ${verb} ${other}`);
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`);
