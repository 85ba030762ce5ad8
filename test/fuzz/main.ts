import { parseArgs } from "node:util";
import type { FuzzTarget } from "./target.ts";
import { FUZZ_TARGETS } from "./targets.ts";

const USAGE = `Throws random and hostile input at the edges of the bot: ${FUZZ_TARGETS.map(({ name }) => name).join(", ")}.

  npm run fuzz                          100,000 cases of a new seed, which is printed
  npm run fuzz -- --seed 7              the same cases again
  --cases 1000000 --only parser         more, or of one edge
`;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (values.help) return void print(USAGE);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const targets = FUZZ_TARGETS.filter(({ name }) => values.only === undefined || values.only === name);
  if (targets.length === 0 || !Number.isInteger(seed)) return void fail(USAGE);
  print(`seed ${seed}`);
  const whole = targets.reduce((sum, { share }) => sum + share, 0);
  for (const target of targets) await fuzz(target, Math.ceil((Number(values.cases) * target.share) / whole), seed);
}

async function fuzz(target: FuzzTarget, cases: number, seed: number): Promise<void> {
  const started = performance.now();
  const { cases: done, failure } = await target.run({ cases, seed });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  print(`${target.name}: ${done} cases in ${seconds} s, ${failure === undefined ? "all hold" : "FAILED"}`);
  if (failure === undefined) return;
  fail(`${failure}\n\nAgain: npm run fuzz -- --seed ${seed} --cases ${values.cases} --only "${target.name}"`);
}

function fail(text: string): void {
  process.exitCode = 1;
  print(text);
}

await main();
