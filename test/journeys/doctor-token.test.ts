import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { INTEGRATION } from "../../src/sandbox/world/wholesale-tokens.ts";
import { until } from "../support/until.ts";

const DOCTOR = fileURLToPath(new URL("../../dist/doctor.js", import.meta.url));

let twins: Sandbox;
let folder: string;

beforeAll(async () => {
  twins = await createSandbox({ customers: 5 });
  folder = mkdtempSync(join(tmpdir(), "bot-token-"));
});
afterAll(async () => {
  await twins.close();
  rmSync(folder, { recursive: true });
});

/** `doctor token` with somebody at its keyboard. */
function begin(...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "", WHOLESALE_API_URL: `${twins.url}/v1` };
  const child = spawn(process.execPath, [DOCTOR, "token", ...args], { env });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].on("data", (chunk) => (printed[name] += String(chunk)));
  const end = once(child, "close").then(([code]) => code as number);
  return {
    end,
    printed,
    type: (line: string) => child.stdin.write(`${line}\n`),
    close: () => child.stdin.end(),
    /** Resolves with the last match of what it has said. */
    says: (pattern: RegExp) =>
      until(() => {
        const [match] = pattern.exec(printed.stderr) ?? [];
        if (match === undefined) throw new Error(printed.stderr);
        return match;
      }),
  };
}

type Walk = ReturnType<typeof begin>;

/** Opens the consent address in the place of a browser, and returns the address to which it leads. */
async function followConsent(walk: Walk, link: "Accept" | "Decline" = "Accept"): Promise<string> {
  const page = await (await fetch(await walk.says(/http\S+authorize\S+/))).text();
  const [, href = ""] = new RegExp(`href="([^"]+)">${link}`).exec(page) ?? [];
  return href.replaceAll("&amp;", "&");
}

test("from an integration to a refresh token in the file of settings, with which the bot goes on by itself", async () => {
  const file = join(folder, "bot.env");
  const before = `WHOLESALE_API_URL=${twins.url}/v1\nWHOLESALE_ACCESS_TOKEN=ends-soon\n`;
  writeFileSync(file, before, { mode: 0o644 });
  const walk = begin("--env", file);
  walk.type(INTEGRATION.clientId);
  walk.type(INTEGRATION.clientSecret);
  walk.type(await followConsent(walk, "Decline"));
  await walk.says(/declined/);
  walk.type(await followConsent(walk));
  expect(await walk.end).toBe(0);
  expect(walk.printed.stderr).toMatch(/✓ Wholesale token +lists customers, for David Mori/);
  const settings = parseEnv(readFileSync(file, "utf8"));
  expect(settings).toEqual({
    WHOLESALE_API_URL: `${twins.url}/v1`,
    WHOLESALE_CLIENT_ID: INTEGRATION.clientId,
    WHOLESALE_CLIENT_SECRET: INTEGRATION.clientSecret,
    WHOLESALE_REFRESH_TOKEN: expect.stringMatching(/^refresh-/),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(walk.printed.stdout + walk.printed.stderr).not.toContain(settings.WHOLESALE_REFRESH_TOKEN);
  expect(walk.printed.stderr).not.toContain(INTEGRATION.clientSecret);
});

test("without a file the result alone is on stdout; a bare code is enough, and is good once", async () => {
  const walk = begin();
  walk.type(INTEGRATION.clientId);
  walk.type(INTEGRATION.clientSecret);
  const code = new URL(await followConsent(walk)).searchParams.get("code") ?? "";
  walk.type(code);
  expect(await walk.end).toBe(0);
  expect(Object.keys(parseEnv(walk.printed.stdout))).toEqual([
    "WHOLESALE_CLIENT_ID",
    "WHOLESALE_CLIENT_SECRET",
    "WHOLESALE_REFRESH_TOKEN",
  ]);
  const again = begin();
  for (const line of [INTEGRATION.clientId, INTEGRATION.clientSecret, code]) again.type(line);
  expect(await again.end).toBe(1);
  expect(again.printed.stderr).toMatch(/refused the code.*\n.*begin again/);
  expect(again.printed.stdout).toBe("");
});

test("a token that may not read customers says so; an input that ends is no answer", async () => {
  twins.world.faults.add({ api: "wholesale", path: "/customers", status: 403 });
  const walk = begin();
  walk.type(INTEGRATION.clientId);
  walk.type(INTEGRATION.clientSecret);
  walk.type(await followConsent(walk));
  expect(await walk.end).toBe(1);
  expect(walk.printed.stderr).toMatch(/✕ Wholesale token .* → .*spark-admin:wholesale_customers_read/);
  const cut = begin();
  cut.close();
  expect(await cut.end).toBe(1);
  expect(cut.printed.stderr).toContain("The input has ended.");
});
