import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/**
 * Which room may import which (docs/architecture.md). A room is a folder of `src`; files at the root of `src` stand for
 * themselves. A new room fails until it has a line here.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  "errors.ts": [],
  "codes-file.ts": ["domain", "errors.ts"],
  "config.ts": ["codes-file.ts", "domain"],
  "package-root.ts": [],
  "http.ts": ["domain", "errors.ts", "http-body.ts"],
  "http-body.ts": ["domain", "item-splitter.ts"],
  "item-splitter.ts": [],
  "log.ts": ["domain", "errors.ts"],
  "secrets.ts": ["domain"],
  "health.ts": ["domain", "errors.ts", "package-root.ts"],
  "shutdown.ts": ["domain"],
  metrics: ["domain", "http.ts"],
  "chart.ts": ["domain", "errors.ts"],
  "csv.ts": ["domain", "errors.ts"],
  cards: ["domain", "errors.ts"],
  bot: ["domain", "errors.ts"],
  monitor: ["domain", "errors.ts"],
  store: ["domain", "errors.ts"],
  alerting: ["domain", "errors.ts", "store"],
  server: ["domain", "errors.ts"],
  webex: ["domain", "errors.ts", "http.ts"],
  wholesale: ["domain", "errors.ts", "http.ts"],
  app: ["*"],
  "main.ts": ["app"],
  "backup.ts": ["app"],
  "check-config.ts": ["config.ts"],
  doctor: [
    "app",
    "config.ts",
    "domain",
    "errors.ts",
    "http.ts",
    "package-root.ts",
    "secrets.ts",
    "server",
    "store",
    "webex",
    "wholesale",
  ],
  "doctor.ts": ["doctor"],
  sandbox: ["domain", "errors.ts", "package-root.ts", "cards", "app"],
};

/** Which room a package may be imported in; one that is not listed may be imported nowhere. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@resvg/resvg-js": ["chart.ts"],
  "csv-stringify": ["csv.ts"],
  express: ["server", "sandbox"],
  "fastest-levenshtein": ["app"],
  kysely: ["alerting", "store"],
  libsql: ["store"],
  "node-cache": ["wholesale"],
  pg: ["store"],
  "prom-client": ["metrics"],
  pino: ["log.ts"],
  undici: ["http.ts", "webex", "sandbox"],
  webex: ["webex"],
  "webex-node-bot-framework": ["webex"],
  ws: ["sandbox"],
  zod: ["codes-file.ts", "config.ts", "doctor", "webex", "wholesale", "sandbox"],
};

const SRC = resolve(import.meta.dirname, "../src");

interface Import {
  readonly from: string;
  readonly file: string;
  readonly what: string;
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["stand-ins", "page"].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const roomOf = (path: string) => relative(SRC, path).split("/")[0] ?? "";

const STATEMENT =
  /^(?:import|export)[^;"'`]*?\bfrom ["']([^"']+)["']|^import ["']([^"']+)["']|\bimport\(["']([^"']+)["']\)/gm;

const IMPORTS: readonly Import[] = sources(SRC).flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(STATEMENT)].map(([, named, bare, lazy]) => {
    const what = named ?? bare ?? lazy ?? "";
    return {
      from: roomOf(file),
      file: relative(SRC, file),
      what: what.startsWith(".") ? roomOf(resolve(dirname(file), what)) : what,
    };
  }),
);

const isOurs = (what: string) => what in ROOMS || what.endsWith(".ts");

test("the imports are read at all", () => {
  expect(IMPORTS.length).toBeGreaterThan(sources(SRC).length);
});

test("every file stands in a room that has a line in the table", () => {
  expect(
    sources(SRC)
      .map(roomOf)
      .filter((room) => !(room in ROOMS)),
  ).toEqual([]);
});

test("a room imports only the rooms it may", () => {
  const wrong = IMPORTS.filter(({ from, what }) => {
    const allowed = ROOMS[from] ?? [];
    return isOurs(what) && what !== from && !allowed.includes("*") && !allowed.includes(what);
  });
  expect(wrong).toEqual([]);
});

test("nothing imports the sandbox, not even the composition root", () => {
  expect(IMPORTS.filter(({ from, what }) => what === "sandbox" && from !== "sandbox")).toEqual([]);
});

test("a package is imported in its room alone, and the domain imports none", () => {
  const wrong = IMPORTS.filter(({ from, what }) => {
    if (isOurs(what)) return false;
    if (what.startsWith("node:")) return from === "domain";
    const [, name = ""] = /^((?:@[^/]+\/)?[^/]+)/.exec(what) ?? [];
    return !(PACKAGES[name] ?? []).includes(from);
  });
  expect(wrong).toEqual([]);
});

const ENTRIES = ["main.ts", "backup.ts", "check-config.ts", "doctor.ts", "sandbox/bot/bot-main.ts", "sandbox/main.ts"];

test("only the processes hand over the environment; config.ts reads it", () => {
  const readers = sources(SRC).filter((file) => readFileSync(file, "utf8").includes("process.env"));
  const others = readers.map((file) => relative(SRC, file)).filter((file) => !ENTRIES.includes(file));
  expect(others).toEqual([]);
});

/** The files of `src` whose text matches. */
const filesWith = (pattern: RegExp) =>
  sources(SRC)
    .filter((file) => pattern.test(readFileSync(file, "utf8")))
    .map((file) => relative(SRC, file))
    .filter((file) => !file.startsWith("sandbox/"))
    .sort();

test("PRODUCT 5: nothing is sent, and no card edited, but through the gate", () => {
  // Only api.ts can send a request to Webex, only the messenger calls what posts there, and only the gate holds the messenger.
  expect(filesWith(/["'`]\/messages/)).toEqual(["webex/api.ts"]);
  expect(filesWith(/\b(?:postMessage|postOnce|editMessage|deleteMessage)\b|\bapi\.postFile\b/)).toEqual([
    "webex/api.ts",
    "webex/messenger.ts",
  ]);
  expect(filesWith(/\/messenger\.ts["']/)).toEqual(["webex/gate.ts"]);
  expect(filesWith(/\bcreateGate\b/)).toEqual(["app/wire-answers.ts", "webex/gate.ts"]);
});

test("webhooks are changed in one place, and the doctor changes nothing at Webex", () => {
  expect(filesWith(/\b(?:createWebhook|updateWebhook|deleteWebhook)\b/)).toEqual(["webex/api.ts", "webex/webhooks.ts"]);
  const writers = filesWith(/\bcreateWebexApi\(/).filter((file) => file.startsWith("doctor/"));
  expect(writers).toEqual(["doctor/subject.ts"]);
  expect(readFileSync(join(SRC, "doctor/subject.ts"), "utf8")).toContain("readonly webex: WebexReader;");
});

test("no file is longer than 400 lines", () => {
  const long = sources(SRC).filter((file) => readFileSync(file, "utf8").split("\n").length > 401);
  expect(long.map((file) => relative(SRC, file))).toEqual([]);
});

/** Which folder of the sandbox may import which; a file at its root may import any. */
const SANDBOX_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  http: [],
  world: ["http"],
  clock: ["world"],
  webex: ["http", "world"],
  wholesale: ["http", "world"],
  scenarios: ["http", "world"],
  bot: ["clock", "world"],
  control: ["bot", "clock", "http", "scenarios", "webex", "world"],
};

test("the folders of the sandbox import in one direction", () => {
  const sandbox = join(SRC, "sandbox");
  const wrong = sources(sandbox).flatMap((file) => {
    const folder = relative(sandbox, dirname(file));
    if (folder === "") return [];
    return [...readFileSync(file, "utf8").matchAll(/ from "\.\.\/([\w-]+)\//g)]
      .map(([, imported = ""]) => imported)
      .filter((imported) => !SANDBOX_FOLDERS[folder]?.includes(imported))
      .map((imported) => `${relative(sandbox, file)} imports ${imported}`);
  });
  expect(wrong).toEqual([]);
});
