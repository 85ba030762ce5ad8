import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig, VARIABLES } from "../src/config.ts";
import { readDockerfile, textsOf } from "./support/dockerfile.ts";

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface HerokuApp {
  readonly env: Readonly<
    Record<string, { readonly required: boolean; readonly generator?: string; readonly description: string }>
  >;
  readonly addons: readonly { readonly plan: string }[];
}

const heroku: HerokuApp = JSON.parse(read("app.json"));
const compose = read("compose.yaml");
const [bot = ""] = compose.split("\n  postgres:\n");
const unit = read("docs/wholesale-bot.service");
const [build, image] = readDockerfile(join(ROOT, "Dockerfile"));

/** A value that the bot accepts for each variable that may be required. */
const SAMPLES: Readonly<Record<string, string>> = {
  WEBEX_BOT_TOKEN: "bot-token",
  WEBEX_WEBHOOK_SECRET: "a-secret-of-enough-length",
  PUBLIC_URL: "https://bot.example.com",
  WHOLESALE_CLIENT_ID: "client",
  WHOLESALE_CLIENT_SECRET: "client-secret",
  WHOLESALE_REFRESH_TOKEN: "refresh-token",
  DATABASE_URL: "postgres://bot@db.example/bot",
  DATA_KEY: Buffer.alloc(32, 7).toString("base64"),
};

/** The configuration of a bot that has these variables alone; those that end in `_FILE` are files with the samples. */
function configOf(names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "wholesale-bot-deploy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const entries = names.map((name) => {
    const sample = SAMPLES[name.replace(/_FILE$/, "")];
    expect([name, sample]).not.toEqual([name, undefined]);
    if (!name.endsWith("_FILE")) return [name, sample];
    const path = join(folder, name);
    writeFileSync(path, `${sample}\n`);
    return [name, path];
  });
  const result = readConfig(Object.fromEntries(entries));
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.config;
}

const unknown = (names: readonly string[]) => names.filter((name) => !VARIABLES.includes(name.replace(/_FILE$/, "")));

test("Heroku: what app.json requires, and the PostgreSQL add-on, are enough", () => {
  const names = Object.keys(heroku.env);
  expect(unknown(names)).toEqual([]);
  expect(heroku.addons.map(({ plan }) => plan)).toEqual([expect.stringMatching(/^heroku-postgresql:/)]);
  expect(names.filter((name) => (heroku.env[name]?.description ?? "") === "")).toEqual([]);
  const config = configOf([...names.filter((name) => heroku.env[name]?.required), "DATABASE_URL"]);
  expect(config.database.databaseUrl).toBe(SAMPLES.DATABASE_URL);
});

test("compose.yaml: its variables and secrets are enough, and every secret is a file", () => {
  const names = [...bot.matchAll(/^ {6}([A-Z_]+): (\S+)/gm)];
  expect(unknown(names.map(([, name = ""]) => name))).toEqual([]);
  const needed = names.filter(([, , value = ""]) => !/^\$\{[A-Z_]+:-\}$/.test(value)).map(([, name = ""]) => name);
  expect(configOf(needed).database.dataKeys).toHaveLength(1);
  const files = names.flatMap(([, , value = ""]) => /^\/run\/secrets\/(.*)$/.exec(value)?.[1] ?? []);
  expect([...bot.matchAll(/^ {6}- (\w+)$/gm)].map(([, secret]) => secret)).toEqual(files);
  const declared = [...compose.matchAll(/^ {2}(\w+): \{ file: secrets\/(\w+) \}$/gm)];
  expect(declared.map(([, secret]) => secret)).toEqual([...files, "postgres_password"]);
  expect(declared.filter(([, secret, file]) => secret !== file)).toEqual([]);
});

test("systemd: the credentials of the unit, and the two variables of its environment file, are enough", () => {
  const credentials = [...unit.matchAll(/^LoadCredential=(\w+):/gm)].map(([, name]) => name);
  const files = [...unit.matchAll(/^Environment=(\w+_FILE)=%d\/(\w+)$/gm)];
  expect(files.map(([, , name]) => name)).toEqual(credentials);
  configOf([...files.map(([, name = ""]) => name), "PUBLIC_URL", "WHOLESALE_CLIENT_ID"]);
});

test("the image, the unit and the Procfile start the bot alike", () => {
  const command = read("Procfile").replace("web: ", "").trim();
  const [inImage = "[]"] = image ? textsOf(image, "CMD") : [];
  expect(JSON.parse(inImage).join(" ")).toBe(command);
  expect(unit).toContain(`ExecStart=/usr/bin/${command}\n`);
});

test("the image gets what the build copies, runs as nobody of importance, and tells whether it is healthy", () => {
  const allowed = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].map(([, path = ""]) => path);
  const copied = [build, image]
    .flatMap((stage) => (stage ? textsOf(stage, "COPY") : []))
    .filter((text) => !text.includes("--from="))
    .flatMap((text) => text.split(/\s+/).slice(0, -1));
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(copied.filter((path) => !allowed.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
  expect(read(".dockerignore").split("\n")[0]).toBe("*");
  expect(image && textsOf(image, "USER")).toEqual(["node"]);
  expect(image && textsOf(image, "HEALTHCHECK")).toHaveLength(1);
});

test("continuous integration runs the gate", () => {
  expect(read(".github/workflows/ci.yml")).toContain("- run: .ci/run\n");
});

test("renovate names packages that are there", () => {
  const { packageRules }: { readonly packageRules: readonly { readonly matchPackageNames?: readonly string[] }[] } =
    JSON.parse(read(".github/renovate.json"));
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const names = packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);
  expect(names.filter((name) => !(name in { ...dependencies, ...devDependencies, node: "" }))).toEqual([]);
});

test("the changelog has a section for the version of package.json", () => {
  const { version } = JSON.parse(read("package.json"));
  expect(read("CHANGELOG.md")).toMatch(new RegExp(`^## ${version.replaceAll(".", "\\.")} `, "m"));
});
