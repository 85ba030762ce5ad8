import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly dev?: boolean;
        readonly link?: boolean;
        readonly version?: string;
        readonly resolved?: string;
        readonly hasInstallScript?: boolean;
        readonly license?: string;
      }
    >
  >;
}

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly resolutions: Readonly<Record<string, string>>;
}

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const lock: Lock = JSON.parse(read("package-lock.json"));
const manifest: Package = JSON.parse(read("package.json"));
const production = Object.entries(lock.packages).filter(
  ([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link,
);

test("the Webex SDK and MongoDB are stood in for: neither is installed", () => {
  for (const name of ["webex", "mongodb"])
    expect(lock.packages[`node_modules/${name}`]?.resolved).toBe(`file:src/webex/stand-ins/${name}`);
  const paths = Object.keys(lock.packages);
  expect(paths.filter((path) => /node_modules\/(@webex\/|.*\/node_modules\/(webex|mongodb)$)/.test(path))).toEqual([]);
});

test("the stand-ins are copied, not linked, so that node_modules works without src", () => {
  expect(read(".npmrc")).toContain("install-links=true");
  expect(Object.values(lock.packages).filter(({ link }) => link)).toEqual([]);
});

test("npm, pnpm and yarn are told alike to replace the SDK and MongoDB", () => {
  const { webex, mongodb } = manifest.dependencies;
  expect(manifest.overrides).toEqual({ webex: "$webex", mongodb: "$mongodb" });
  expect(manifest.resolutions).toEqual({ webex, mongodb });
  const [, overrides = ""] = read("pnpm-workspace.yaml").split("overrides:\n");
  expect(overrides).toBe(`  webex: ${webex}\n  mongodb: ${mongodb}\n`);
});

/** The rows of docs/dependencies.md: name, range, licence, last release, the reason. */
const ROWS = [
  ...read("docs/dependencies.md").matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm),
];

test("docs/dependencies.md has a row for every production dependency, as package.json and the lock file have it", () => {
  const ranges = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const expected = Object.entries(ranges)
    .filter(([, range]) => !range.startsWith("file:"))
    .map(([name, range]) => [name, range, lock.packages[`node_modules/${name}`]?.license]);
  expect(ROWS.map(([, name, range, licence]) => [name, range, licence])).toEqual(expected);
  for (const [, name, , , released = "", why = ""] of ROWS) {
    expect([name, released]).toEqual([name, expect.stringMatching(/^20\d\d-[01]\d$/)]);
    expect(why.length).toBeGreaterThan(20);
  }
});

test("a package without a release for a year is pinned", () => {
  const year = 365 * 86_400_000;
  const [, seen = ""] = /As of (\d{4}-\d\d-\d\d)/.exec(read("docs/dependencies.md")) ?? [];
  const old = ROWS.filter(([, , , , released = ""]) => Date.parse(seen) - Date.parse(released) > year);
  expect(old.length).toBeGreaterThan(2);
  expect(old.filter(([, , range = ""]) => range.startsWith("^"))).toEqual([]);
});

test("production packages are few, and none runs a script when it is installed", () => {
  expect(production.length).toBeLessThan(200);
  expect(production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

test("production packages have licences that allow this one's", () => {
  const licences = new Set(production.map(([, { license }]) => license));
  const known = [
    "MIT",
    "ISC",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "0BSD",
    "BlueOak-1.0.0",
    "Python-2.0",
    "Unlicense",
    "CC0-1.0",
    // The chart's renderer, unchanged and in a file of its own: the MPL asks for its own source alone.
    "MPL-2.0",
    // The chart's typeface, not sold by itself: that is all that the OFL asks.
    "MIT AND OFL-1.1",
  ];
  expect([...licences].filter((licence) => !known.includes(licence ?? "none"))).toEqual([]);
});

test("the chart can be drawn on every machine that the bot runs on", () => {
  const paths = Object.keys(lock.packages);
  for (const machine of [
    "linux-x64-gnu",
    "linux-x64-musl",
    "linux-arm64-gnu",
    "darwin-x64",
    "darwin-arm64",
    "win32-x64-msvc",
  ])
    expect(paths).toContain(`node_modules/@resvg/resvg-js-${machine}`);
});
