import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../support/until.ts";

const run = promisify(execFile);

/** Packs the sandbox and installs the file in a folder that has nothing else. Needs no registry. */
async function installPackage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-package-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await run("npm", ["run", "--silent", "build:sandbox-package"]);
  const packing = await run("npm", [
    "pack",
    "--silent",
    "--pack-destination",
    folder,
    "./dist/webex-wholesale-sandbox",
  ]);
  const quiet = ["--offline", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quiet, join(folder, packing.stdout.trim())], { cwd: folder });
  return folder;
}

/** Starts the sandbox of the package. Resolves with its address. */
async function startPackage(folder: string): Promise<string> {
  const child = spawn(join(folder, "node_modules/.bin/webex-wholesale-sandbox"), ["--port", "0", "--no-bot"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return until(() => {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    if (url === undefined) throw new Error(`no address yet: ${output}`);
    return url;
  });
}

test("the packed sandbox is installed without other packages, and has both APIs and the page", async () => {
  const folder = await installPackage();
  const { stdout } = await run("npm", ["ls", "--all", "--parseable"], { cwd: folder });
  expect(stdout.trim().split("\n")).toHaveLength(2);
  const url = await startPackage(folder);
  const read = (path: string, token = "") => fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  // biome-ignore lint/suspicious/noExplicitAny: an answer is compared, not trusted
  const readJson = async (path: string, token = ""): Promise<any> => (await read(path, token)).json();
  expect(await readJson("/v1/people/me", "sandbox-bot-token")).toMatchObject({ type: "bot" });
  const customers = await readJson("/v1/wholesale/customers?max=3", "sandbox-wholesale-token");
  expect(customers.items).toHaveLength(3);
  const { CODES_FILE } = await readJson("/sandbox/bot-env");
  expect(CODES_FILE).toContain(join(folder, "node_modules"));
  for (const path of ["/", "/app.js", "/base.css", "/vendor/adaptivecards.min.js", "/vendor/markdown-it.min.js"])
    expect([path, (await read(path)).status]).toEqual([path, 200]);
});

test("the package says how it is started, under its own name", async () => {
  await run("npm", ["run", "--silent", "build:sandbox-package"]);
  const { stdout } = await run("dist/webex-wholesale-sandbox/main.js", ["--help"]);
  expect(stdout).toMatch(/^Usage: webex-wholesale-sandbox \[options\]/);
});
