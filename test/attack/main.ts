import { parseArgs } from "node:util";
import { AREAS } from "./areas.ts";
import { type AreaResult, runArea } from "./attack.ts";

const USAGE = `Attacks the bot in the sandbox as outsiders, guests, other bots and hostile networks do, and says what has fallen.

  npm run attack                        every area: ${AREAS.map(({ name }) => name).join(", ")}
  --only replays                        one area
  --list                                every attack by name as well
`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const areas = AREAS.filter(({ name }) => values.only === undefined || name === values.only);
  if (areas.length === 0) process.exitCode = 1;
  if (values.help || areas.length === 0) return void print(USAGE);
  print("| area | attempts | held | fallen | judged by |\n| --- | ---: | ---: | ---: | --- |");
  const results: AreaResult[] = [];
  for (const area of areas) {
    const result = await runArea(area);
    results.push(result);
    print(rowOf(result.name, [result], result.judged));
  }
  print(rowOf("**all**", results, ""));
  if (values.list) printHeld(results);
  printFallen(results);
}

function printHeld(results: readonly AreaResult[]): void {
  for (const { name, held } of results) for (const attack of held) print(`- held: ${name}: ${attack}`);
}

function printFallen(results: readonly AreaResult[]): void {
  for (const { name, fallen } of results)
    for (const { attack, why } of fallen) {
      process.exitCode = 1;
      print(`\nFALLEN: ${name}: ${attack}\n${why}`);
    }
}

function rowOf(name: string, results: readonly AreaResult[], judged: string): string {
  const held = results.reduce((sum, result) => sum + result.held.length, 0);
  const fallen = results.reduce((sum, result) => sum + result.fallen.length, 0);
  return `| ${name} | ${held + fallen} | ${held} | ${fallen} | ${judged} |`;
}

await main();
