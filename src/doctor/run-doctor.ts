import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs, parseEnv } from "node:util";
import { Failure } from "../errors.ts";
import { examine } from "./examine.ts";
import type { Result } from "./outcome.ts";
import { formatJson, formatResult, formatSummary, isWell } from "./report.ts";
import { runToken } from "./token/run-token.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const USAGE = `Usage: npm run doctor -- [options]
       npm run doctor -- token [options]

Checks what the bot needs: each line has a finding, and a cure where one is due. Sends nothing to a space.
With "token": leads to a refresh token for the Wholesale API, step by step.

  --env FILE      reads the settings from FILE, with a line NAME=value for each, and not from the environment;
                  "token" writes its result there
  --json          for programs
  --redirect URL  token: the redirect URI of the integration, if it is another one than the text names
  --scope "A B"   token: the scopes to ask for
  --help          this text

The exit code is 0 when all is well, 1 when a check failed, 2 for a wrong command line.
`;

/** @param environment does not count where `--env` names a file: settings of two bots must not be mixed */
export async function runDoctor(args: readonly string[], environment: Environment): Promise<void> {
  const line = readCommandLine(args);
  if (line === undefined || line.values.help) return printUsage(line !== undefined);
  try {
    const { env } = line.values;
    const settings = env === undefined ? environment : readEnvFile(env, line.isToken);
    const isWellDone = await (line.isToken ? runToken(settings, line.values) : report(settings, line.values));
    process.exitCode = isWellDone ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n${error.hint}\n`);
    process.exitCode = 1;
  }
}

function printUsage(wasAskedFor: boolean): void {
  (wasAskedFor ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = wasAskedFor ? 0 : 2;
}

/** Undefined when it cannot be understood. */
function readCommandLine(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        env: { type: "string" },
        redirect: { type: "string" },
        scope: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const isToken = positionals[0] === "token";
    return positionals.length > (isToken ? 1 : 0) ? undefined : { values, isToken };
  } catch {
    return undefined;
  }
}

async function report(environment: Environment, { json }: { readonly json: boolean }): Promise<boolean> {
  const results: Result[] = [];
  for await (const result of examine(environment)) {
    results.push(result);
    if (!json) process.stdout.write(`${formatResult(result)}\n`);
  }
  process.stdout.write(`${json ? formatJson(results) : `\n${formatSummary(results)}`}\n`);
  return isWell(results);
}

/** @param mayBeNew it is made by this run */
function readEnvFile(file: string, mayBeNew: boolean): Environment {
  if (mayBeNew && !existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Failure("doctor.envFile", `${file} cannot be read.`, "Name a file with lines such as PORT=3000.", {
      cause,
    });
  }
}
