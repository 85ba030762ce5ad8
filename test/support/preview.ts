import type { Reporter, TestSpecification } from "vitest/node";
import { findBrowser } from "./browser.ts";
import { isPoolerPossible } from "./pgbouncer.ts";
import { findPromtool } from "./promtool.ts";

/** About how long all files of a project take on two quiet cores. */
const USUAL_TIME: Readonly<Record<string, string>> = {
  unit: "30 s",
  properties: "20 s",
  journeys: "2 min",
  simulator: "15 s",
};

/** Prints at the start what will run and how long it takes, and what is skipped; the latter again before vitest's summary. */
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
      const files = names.filter((other) => other === name).length;
      print(` ${name}: ${files} ${files === 1 ? "file" : "files"}${this.#details(name)}`);
    }
    this.#printSkipped("Will skip");
    print("");
  }

  onTestRunEnd(): void {
    print("");
    this.#printSkipped("Skipped");
  }

  #details(name: string): string {
    const { FC_TIMES = "1", FC_RUNS } = process.env;
    const duration = `; all take about ${USUAL_TIME[name]} on two quiet cores`;
    if (name !== "properties") return duration;
    const isDefault = FC_TIMES === "1" && FC_RUNS === undefined;
    return `${isDefault ? duration : ""}; to repeat: FC_SEED=${this.#seed}`;
  }

  #printSkipped(verb: string): void {
    const lacksBrowser = this.#projects.includes("journeys") && findBrowser() === undefined;
    if (lacksBrowser) print(` ${verb} the browser tests: no Chromium here (set CHROMIUM_PATH)`);
    const database = process.env.TEST_DATABASE_URL
      ? "the file database where PostgreSQL does: TEST_DATABASE_URL is set"
      : "PostgreSQL: TEST_DATABASE_URL is not set";
    print(` ${verb} ${database}`);
    if (process.env.TEST_SOCKET) print(` ${verb} what is about webhooks alone: TEST_SOCKET is set`);
    if (this.#projects.includes("journeys")) this.#printWithoutPooler(verb);
    if (this.#projects.includes("unit") && findPromtool() === undefined)
      print(` ${verb} playing the alert rules: no promtool here (Debian's package \`prometheus\`)`);
  }

  #printWithoutPooler(verb: string): void {
    const reason = process.env.TEST_DATABASE_URL ? "no PgBouncer here" : "TEST_DATABASE_URL is not set";
    if (!isPoolerPossible()) print(` ${verb} the tests behind PgBouncer: ${reason}`);
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`);
