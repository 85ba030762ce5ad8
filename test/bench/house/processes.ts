import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Calls the twins: `call("POST", "/sandbox/scenarios/heal-all")`, or their public API with somebody's token. */
export type Call = <T>(method: string, path: string, body?: object, token?: string) => Promise<T>;

/** Starts the twins without a bot. `npm run sandbox` builds the checkout first. */
export async function startTwins(root: string) {
  const args = ["run", "sandbox", "--", "--no-bot", "--port", "0", "--customers", "60"];
  const child = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += String(chunk);
      const [found] = /http:\/\/[\d.]+:\d+/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`The twins did not start: ${printed}`)));
  });
  const call: Call = async (method, path, body, token) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...content });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return { call, stop: () => end(child) };
}

/** Builds and starts the real bot with V8's coverage on. `env` is its whole environment, but for PATH. */
export function startBot(root: string, env: Readonly<Record<string, string>>) {
  execFileSync("npm", ["run", "--silent", "build:sandbox"], { cwd: root, stdio: "inherit" });
  const coverage = new URL("coverage.js", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", coverage, join(root, "dist-sandbox/main.js")], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    /** The files of `src`, without the sandbox's, in which a function ran since this was asked last. */
    async filesRun(): Promise<readonly string[]> {
      child.send("take");
      const [urls] = await once(child, "message");
      return urls.flatMap((url: string) => sourceOf(url, root) ?? []);
    },
    stop: () => end(child),
  };
}

/** The build of the sandbox maps files one to one: `dist-sandbox/store/x.js` comes from `src/store/x.ts`. */
function sourceOf(url: string, root: string): string | undefined {
  const dist = join(root, "dist-sandbox/");
  if (!url.startsWith("file:") || !fileURLToPath(url).startsWith(dist)) return undefined;
  const source = join("src", fileURLToPath(url).slice(dist.length).replace(/\.js$/, ".ts"));
  return existsSync(join(root, source)) && !source.startsWith("src/sandbox/") ? source : undefined;
}

/** npm passes the signal on to the script that it runs. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}
