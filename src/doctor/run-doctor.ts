import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs, parseEnv } from "node:util";
import { Failure } from "../errors.ts";
import { examine } from "./examine.ts";
import type { Result } from "./outcome.ts";
import { formatJson, formatResult, formatSummary, isWell } from "./report.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const USAGE = `Usage: npm run doctor -- [options]
       npm run doctor -- token [options]

Checks what the bot needs: each line has a finding, and a cure where one is due. Sends nothing to a space.
With "token": leads to a refresh token for the Wholesale API.

  --env FILE   also reads settings from FILE, which has a line NAME=value for each
  --json       for programs
  --help       this text

The exit code is 0 when all is well, 1 when a check failed, 2 for a wrong command line.
`;

/** `doctor [--json] [--env FILE]`. @param environment has precedence over the file */
export async function runDoctor(args: readonly string[], environment: Environment): Promise<void> {
  const line = readCommandLine(args);
  if (line === undefined || line.help) {
    (line === undefined ? process.stderr : process.stdout).write(USAGE);
    if (line === undefined) process.exitCode = 2;
    return;
  }
  const isAllWell = await report({ ...(line.env === undefined ? {} : readEnvFile(line.env)), ...environment }, line);
  process.exitCode = isAllWell ? 0 : 1;
}

interface CommandLine {
  readonly json: boolean;
  readonly help: boolean;
  readonly env?: string | undefined;
}

/** Undefined when it cannot be understood. */
function readCommandLine(args: readonly string[]): CommandLine | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch {
    return undefined;
  }
}

async function report(environment: Environment, { json }: CommandLine): Promise<boolean> {
  const results: Result[] = [];
  for await (const result of examine(environment)) {
    results.push(result);
    if (!json) process.stdout.write(`${formatResult(result)}\n`);
  }
  process.stdout.write(`${json ? formatJson(results) : `\n${formatSummary(results)}`}\n`);
  return isWell(results);
}

function readEnvFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Failure("doctor.envFile", `${file} cannot be read.`, "Name a file with lines such as PORT=3000.", {
      cause,
    });
  }
}
