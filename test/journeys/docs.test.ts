import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** The documentation, followed to the letter in the sandbox as it starts. */

const run = promisify(execFile);

interface Block {
  readonly page: string;
  readonly script: string;
}

const PAGES = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)];

const blocks: readonly Block[] = PAGES.filter((page) => page.endsWith(".md")).flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/^```sh run\n([\s\S]*?)^```/gm)].map(([, script = ""]) => ({ page, script })),
);

/** The commands of the tour: the first column of its table. */
const tour = [
  ...(/## A tour[\s\S]*?\n## /.exec(readFileSync("README.md", "utf8"))?.[0] ?? "").matchAll(/^\| `([^`]+)`/gm),
].map(([, command = ""]) => command);

let journey: Journey;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "bot-docs-"));
  journey = await startJourney();
  await journey.startBot();
  await until(() => expect(journey.logged("sweep.complete")).not.toEqual([]));
});
afterAll(async () => {
  await journey.stop();
  rmSync(home, { recursive: true });
});

test("the commands of the README's tour are understood and answered, one after the other", async () => {
  expect(tour.length).toBeGreaterThan(7);
  const operator = journey.person("operator");
  for (const command of tour) await operator.ask(command);
  const outcomes = [...(await journey.scrape()).matchAll(/^wholesale_bot_commands_total\{.*outcome="(\w+)"/gm)];
  expect(new Set(outcomes.map(([, outcome]) => outcome))).toEqual(new Set(["answered"]));
});

/** `npm run backup` is for the file database. */
const isForFile = ({ script }: Block) => /npm run (backup|restore)/.test(script);
const runnable = blocks.filter((block) => !(process.env.TEST_DATABASE_URL && isForFile(block)));

test.each(runnable)("what $page says to run works: $script", async ({ script }) => {
  const here = script.replaceAll("http://127.0.0.1:4000", journey.url);
  // A bot that listens by a socket has no public address, but its operator calls it by some address.
  const address = here.includes("$PUBLIC_URL") ? { PUBLIC_URL: journey.env.PUBLIC_URL } : {};
  const env = { ...process.env, ...journey.botEnvironment(), ...address, HOME: home };
  await expect(run("bash", ["-euo", "pipefail", "-c", here], { env })).resolves.toBeDefined();
});

test("the pages have blocks to run", () => {
  expect(blocks.length).toBeGreaterThan(6);
});
