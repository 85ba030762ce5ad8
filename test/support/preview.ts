import type { Reporter, TestSpecification } from "vitest/node";
import { findBrowser } from "./browser.ts";

/** About how long the files of a project take on two quiet cores. */
const USUALLY: Readonly<Record<string, string>> = {
  unit: "30 s",
  properties: "30 s",
  journeys: "3 min",
};

/** Says at the start what will run and about how long, and at the end, before vitest's own summary, what did not. */
export class Preview implements Reporter {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const names = specifications.map(({ project }) => project.name);
    for (const name of new Set(names)) {
      const files = names.filter((one) => one === name).length;
      print(` ${name}: ${files} ${files === 1 ? "file" : "files"}${this.#more(name)}`);
    }
    for (const what of skipped()) print(` not here: ${what}`);
    print("");
  }

  onTestRunEnd(): void {
    print("");
    for (const what of skipped()) print(` Skipped ${what}`);
  }

  #more(name: string): string {
    const { FC_TIMES = "1", FC_RUNS } = process.env;
    const isUsual = FC_TIMES === "1" && FC_RUNS === undefined;
    const time = isUsual && USUALLY[name] !== undefined ? `, all of them take about ${USUALLY[name]}` : "";
    return name === "properties" ? `${time}; seed ${this.#seed}` : time;
  }
}

const skipped = (): readonly string[] => [
  ...(findBrowser() === undefined ? ["the browser tests: no Chromium here (set CHROMIUM_PATH)"] : []),
  ...(process.env.TEST_DATABASE_URL ? [] : ["the PostgreSQL tests: TEST_DATABASE_URL is not set"]),
];

const print = (line: string) => process.stdout.write(`${line}\n`);
