import { execFile } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spawnBot } from "../support/bot-process.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const clone = mkdtempSync(join(tmpdir(), "wholesale-bot-clone-"));

/** As after `git clone`. */
beforeAll(() => {
  for (const name of ["src", "package.json", "rolldown.config.js", "tsconfig.json", "tsconfig.sandbox.json"])
    copy(name);
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** Copies with the times of the files, by which the compiler sees what is out of date. */
const copy = (name: string) =>
  cpSync(join(ROOT, name), join(clone, name), { recursive: true, preserveTimestamps: true });

/** The output and exit code of npm in the clone, with an empty environment. */
function npm(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((done) =>
    execFile("npm", ["--silent", ...args], { cwd: clone, env: { PATH, HOME } }, (error, out, err) =>
      done({ code: Number(error?.code ?? 0), text: out + err }),
    ),
  );
}

test("npm start says what to do where only production packages are installed, and nothing is built", async () => {
  const { code, text } = await npm("start");
  expect(code).toBe(1);
  expect(text).toBe(
    "The bot is not built, and the compiler is not installed. Run: npm ci --include=dev && npm run build\n",
  );
});

test("npm start names what is missing before it compiles the bot, and reads .env", async () => {
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
  const { code, text } = await npm("start");
  expect(code).toBe(1);
  expect(text).toMatch(/WEBEX_BOT_TOKEN: .*WHOLESALE_ACCESS_TOKEN: /s);
  expect(existsSync(join(clone, "dist/main.js"))).toBe(false);
  writeFileSync(join(clone, ".env"), "WEBEX_BOT_TOKEN=token\nWHOLESALE_ACCESS_TOKEN=\n");
  const filled = (await npm("start")).text;
  expect(filled).toContain("WHOLESALE_ACCESS_TOKEN: ");
  expect(filled).not.toContain("WEBEX_BOT_TOKEN: ");
});

test("the sandbox says at once that it builds", async () => {
  copy("dist-sandbox");
  expect((await npm("run", "sandbox", "--", "--help")).text).toMatch(/^Building…\nUsage: npm run sandbox/);
});

test("a start builds only after a source or a package has changed", async () => {
  copy("dist");
  const built = join(clone, "dist/main.js");
  const isBuiltAnew = async () => {
    const { mtimeMs } = statSync(built);
    expect(await npm("run", "build:if-possible")).toEqual({ code: 0, text: "" });
    return statSync(built).mtimeMs !== mtimeMs;
  };
  expect(await isBuiltAnew()).toBe(false);
  appendFileSync(join(clone, "src/log.ts"), "\n// changed\n");
  expect(await isBuiltAnew()).toBe(true);
  appendFileSync(join(clone, "package.json"), "\n");
  expect(await isBuiltAnew()).toBe(true);
});

test("an error of the built bot names the line of the source", async () => {
  rmSync(join(clone, "package.json"));
  const env = {
    WEBEX_BOT_TOKEN: "token",
    WEBEX_WEBHOOK_SECRET: "a-secret-of-enough-length",
    PUBLIC_URL: "https://bot.example.com",
    WHOLESALE_ACCESS_TOKEN: "token",
  };
  const bot = spawnBot(env, { args: ["--enable-source-maps", "dist/main.js"], cwd: clone });
  expect(await bot.exitCode()).toBe(1);
  expect(bot.output()).toMatch(/ENOENT.*package\.json.*at readPackage .*\/src\/package-root\.ts:\d+:\d+\)/s);
});
