import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly dev?: boolean;
        readonly link?: boolean;
        readonly hasInstallScript?: boolean;
        readonly license?: string;
      }
    >
  >;
}

const lock: Lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const production = Object.entries(lock.packages).filter(
  ([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link,
);

test("the Webex SDK and MongoDB are stood in for: neither is installed", () => {
  expect(lock.packages["node_modules/webex"]?.link).toBe(true);
  expect(lock.packages["node_modules/mongodb"]?.link).toBe(true);
  const paths = Object.keys(lock.packages);
  expect(paths.filter((path) => /node_modules\/(@webex\/|.*\/node_modules\/(webex|mongodb)$)/.test(path))).toEqual([]);
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
