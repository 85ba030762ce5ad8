import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spawnBot } from "../support/bot-process.ts";
import { copyTree, OTHER_USER, readDockerfile, runStage, textsOf } from "../support/dockerfile.ts";
import { addressOnFreePort, type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** `IMAGE_BUILD=full` also runs `npm ci` and the build of the first stage, which needs the registry or npm's cache. */
const IS_FULL = process.env.IMAGE_BUILD === "full";
const ROOT = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "wholesale-bot-image-"));
const roots = { build: join(folder, "build"), "": join(folder, "image") };
const app = join(roots[""], "app");
const dataDir = join(app, "data");
const [first, image] = readDockerfile(join(ROOT, "Dockerfile"));
if (first === undefined || image === undefined) throw new Error("the Dockerfile has two stages");

let journey: Journey;
let built: readonly string[];
beforeAll(async () => {
  chmodSync(folder, 0o755);
  const { PATH, HOME } = process.env;
  const build = { context: ROOT, roots, env: { PATH, HOME } };
  if (IS_FULL) runStage(first, build);
  else buildFromHere();
  runStage(image, build);
  rmSync(roots.build, { recursive: true });
  built = filesOf(app);
  journey = await startJourney({ customers: 10 });
});
afterAll(async () => {
  await journey.stop();
  rmSync(folder, { recursive: true, force: true });
});

const filesOf = (path: string) => readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted();

/** Makes the result of the first stage from what `npm ci` and the build have already made here. */
function buildFromHere(): void {
  const lock: { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> } = JSON.parse(
    readFileSync(join(ROOT, "package-lock.json"), "utf8"),
  );
  const production = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
  const packages = production.map(([path]) => path).filter((path) => path !== "" && existsSync(join(ROOT, path)));
  for (const path of ["package.json", "dist", ...packages]) copyTree(join(ROOT, path), join(roots.build, "app", path));
  mkdirSync(join(roots.build, "app/data"));
}

/** `ENV` of the image. */
const environment = Object.fromEntries(
  textsOf(image, "ENV").flatMap((text) => text.split(/\s+/).map((pair) => pair.split("="))),
);

/** A command of the image in JSON form, with this Node. */
function commandOf(text = ""): readonly string[] {
  const [program, ...args] = JSON.parse(text);
  expect(program).toBe("node");
  return args;
}

test("the image holds what the bot needs without src: it starts as another user, is healthy, and writes to its data alone", async () => {
  expect(textsOf(image, "VOLUME")).toEqual(["/app/data"]);
  const token = join(folder, "token");
  writeFileSync(token, `${journey.env.WEBEX_BOT_TOKEN}\n`);
  const own = { ...environment, WEBEX_BOT_TOKEN: "", WEBEX_BOT_TOKEN_FILE: token, DYNO: "web.1" };
  const env = { ...journey.env, ...(await addressOnFreePort()), ...own };
  const [command] = textsOf(image, "CMD");
  const bot = spawnBot(env, { args: commandOf(command), cwd: app, ...OTHER_USER });
  const lineOf = (event: string) =>
    bot
      .output()
      .split("\n")
      .find((line) => line.includes(`"${event}"`));
  await until(() => {
    if (bot.isRunning() && lineOf("app.started") === undefined) throw new Error(bot.output());
  });
  expect(bot.output()).toContain("app.started");
  const [check = ""] = textsOf(image, "HEALTHCHECK");
  const healthy = commandOf(/CMD (.*)$/.exec(check)?.[1]);
  const isHealthy = () =>
    promisify(execFile)(process.execPath, [...healthy], { cwd: app, env }).then(
      () => true,
      () => false,
    );
  expect(await isHealthy()).toBe(true);
  const started = { bot: "Wholesale", database: "file", at: join(dataDir, "bot.db"), sweepEvery: "5m" };
  expect(JSON.parse(lineOf("app.started") ?? "")).toMatchObject(started);
  expect(JSON.parse(lineOf("store.volatile") ?? "")).toMatchObject({ level: "warn", host: "Heroku" });
  expect(await bot.kill("SIGTERM")).toBe(0);
  expect(await isHealthy()).toBe(false);
  expect(filesOf(app).filter((path) => !path.startsWith("data/"))).toEqual(built);
  expect(readdirSync(dataDir)).toContain("bot.db");
});
