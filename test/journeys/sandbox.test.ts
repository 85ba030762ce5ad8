import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createHttpClient } from "../support/http-client.ts";

const MAIN = fileURLToPath(new URL("../../dist-sandbox/sandbox/main.js", import.meta.url));

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (piece) => (printed.out += piece));
  child.stderr.on("data", (piece) => (printed.err += piece));
  const exit = once(child, "close").then(([code]) => code);
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  return { child, printed, exit };
}

test.each([
  [["--prot", "4000"], "Unknown option '--prot'"],
  [["--port", "many"], '--port must be a whole number from 0 to 65535; it was "many".'],
  [["--customers"], "--customers"],
  [["4000"], "Unexpected argument '4000'"],
])("the options %j end with one clear line", async (args, line) => {
  const { printed, exit } = run(args);
  expect(await exit).toBe(2);
  expect(printed.err).toContain(line);
  expect(printed.err.trim().split("\n")).toHaveLength(1);
});

test("help lists the options", async () => {
  const { printed, exit } = run(["--help"]);
  expect(await exit).toBe(0);
  for (const option of ["--port", "--customers", "--seed", "--no-bot"]) expect(printed.out).toContain(option);
});

test("a port in use is reported, with a hint", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { printed, exit } = run(["--port", String(port), "--no-bot"]);
  expect(await exit).toBe(1);
  expect(printed.err).toContain(`Port ${port} is in use`);
  expect(printed.err).toContain(`--port ${port + 1}`);
});

test("the sandbox starts with the real bot, which answers, and stops it at its end", async () => {
  const { child, printed, exit } = run(["--port", "0", "--customers", "40", "--seed", "3"], {
    WEBEX_BOT_TOKEN: "of a real Webex",
    WHOLESALE_CLIENT_ID: "of a real Webex",
  });
  await expect.poll(() => printed.out).toContain("Ctrl-C");
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.out)?.[0] ?? "";
  const ready = async () => `${await (await fetch(`${url}/sandbox/ready`)).text()} ${printed.err}`;
  await expect.poll(ready).toContain('{"ready":true}');
  const sandbox = createHttpClient(`${url}/sandbox`);
  const { PUBLIC_URL } = await sandbox<Record<string, string>>("GET", "/bot-env");
  await expect.poll(async () => (await fetch(`${PUBLIC_URL}/readyz`)).status).toBe(200);
  // Another address of this machine: nobody from the network may ask a bot with the sandbox's known tokens.
  await expect(fetch(`${PUBLIC_URL?.replace("127.0.0.1", "127.0.0.2")}/readyz`)).rejects.toThrow();
  await sandbox("POST", "/clock", { forward: "4h" });
  expect(await uptimeOf(url)).toBe("4 h");
  child.kill("SIGINT");
  expect(await exit).toBe(0);
  await expect(fetch(`${PUBLIC_URL}/readyz`)).rejects.toThrow();
  expect(printed.err).toContain("The bot is ready.");
});

/** The uptime of the bot, by its own clock. */
async function uptimeOf(url: string): Promise<string | undefined> {
  const viewer = createHttpClient(`${url}/v1`, "sandbox-viewer-token");
  await viewer("POST", "/messages", { toPersonEmail: "wholesale@webex.bot", text: "status" });
  const read = async () => JSON.stringify(await viewer("GET", "/messages/direct?personEmail=wholesale%40webex.bot"));
  await expect.poll(read).toContain(", running for ");
  return /, running for (\d+ \w+)/.exec(await read())?.[1];
}
