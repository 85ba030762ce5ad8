import { spawn } from "node:child_process";
import { once } from "node:events";
import { createHttpClient } from "../support/http-client.ts";
import { SANDBOX } from "./paths.ts";

/** The twins in a process of their own, so that their memory and their garbage are not the bot's. */
export interface Twins {
  readonly url: string;
  /** The environment that points a bot at them. */
  readonly env: Readonly<Record<string, string>>;
  /** One of the sandbox's own calls, such as `console("POST", "/faults", {…})`. */
  console<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** How many calls the Wholesale API got, by anybody, since this was asked last. */
  wholesaleCalls(): Promise<number>;
  /** A bot that may not read names makes no calls but those that are measured. */
  forbidNames(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTwins(customers: number): Promise<Twins> {
  const args = [SANDBOX, "--no-bot", "--port", "0", "--customers", `${customers}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    let greeting = "";
    child.stdout.on("data", (chunk) => {
      greeting += String(chunk);
      const [found] = /http:\/\/[\d.:]+/.exec(greeting) ?? [];
      if (found !== undefined) resolve(found);
    });
    exit.then(() => reject(new Error("The twins did not start.")));
  });

  const console = createHttpClient(`${url}/sandbox`);

  return {
    url,
    env: await console("GET", "/bot-env"),
    console,
    async wholesaleCalls() {
      const { countsByCaller } = await console<CallCounts>("GET", "/calls");
      await console("DELETE", "/calls");
      return Object.values(countsByCaller.wholesale).reduce((sum, count) => sum + count, 0);
    },
    async forbidNames() {
      await console("POST", "/faults", { api: "wholesale", path: "/organizations", status: 403 });
    },
    async stop() {
      child.kill("SIGTERM");
      await exit;
    },
  };
}

interface CallCounts {
  readonly countsByCaller: { readonly wholesale: Readonly<Record<string, number>> };
}
