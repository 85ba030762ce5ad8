import { parseArgs } from "node:util";

export interface CommandLine {
  readonly port: number;
  readonly customers: number;
  readonly seed: number;
  readonly bot: boolean;
  readonly help: boolean;
}

/** @param command as people type it */
export const usage = (command: string): string => `Usage: ${command} [options]

A small Webex and a small Wholesale API on this machine, the real bot in them, and a page to play with.

  --port 4000       where the page and both APIs are; 0 takes a free one
  --customers 250   how many customers the world has, up to 2,000,000
  --seed 1          another number makes other customers
  --no-bot          the APIs alone, for a bot of your own (GET /sandbox/bot-env has its environment)
  --help            this text
`;

/** Reads the command line. Throws an Error with one line for people. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "4000" },
      customers: { type: "string", default: "250" },
      seed: { type: "string", default: "1" },
      bot: { type: "boolean", default: true },
      help: { type: "boolean", default: false },
    },
    allowNegative: true,
    strict: true,
  });
  return {
    port: numberOf("--port", values.port, { least: 0, most: 65_535 }),
    customers: numberOf("--customers", values.customers, { least: 0, most: 2_000_000 }),
    seed: numberOf("--seed", values.seed, { least: 0, most: 2 ** 32 - 1 }),
    bot: values.bot,
    help: values.help,
  };
}

function numberOf(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`${option} must be a whole number from ${least} to ${most}; it was "${text}".`);
}
