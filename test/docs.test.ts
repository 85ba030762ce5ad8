import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const NOT_OURS = new Set(["node_modules", "dist", "dist-sandbox", "data", "coverage", ".git"]);

/** Every file below a folder, as a path from the root of the repository. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

const FILES = filesIn(".");
const MARKDOWN = FILES.filter((path) => path.endsWith(".md"));
const CITING = FILES.filter(
  (path) =>
    path !== "test/docs.test.ts" &&
    (MARKDOWN.includes(path) || /^(src|test|cards)\/.*\.(ts|js|cjs|css|html|json|txt)$/.test(path)),
);

/** The numbers and letters that the headings of a rule book begin with: `### 14. Removed customers`, `### c. …`. */
const headingsOf = (book: string) =>
  [...read(book).matchAll(/^##+ (?:(\d+)|([a-z]))\. /gm)].map(([, number, letter]) => number ?? letter ?? "");

const RULES = headingsOf("docs/alerts.md");
const BOOKS: Readonly<Record<string, readonly string[]>> = {
  ALERTS: RULES,
  law: RULES,
  laws: RULES,
  PRODUCT: headingsOf("docs/product.md"),
};

const NAME = String.raw`(?:\d+|[a-z])\b`;
const CITATION = new RegExp(
  String.raw`\b(ALERTS|PRODUCT|laws?) (${NAME}(?:(?:,? (?:and|or|to) |, | ?[–-] ?)${NAME})*)`,
  "g",
);

/** `4 to 7` is four names, `17, 31` is two. */
function namesIn(list: string): readonly string[] {
  return list.split(/,? (?:and|or) |, /).flatMap((part) => {
    const [first = "", last = first] = part.split(/ to | ?[–-] ?/);
    const names = [];
    for (let code = codeOf(first); code <= codeOf(last); code += 1) names.push(nameOf(code, first));
    return names;
  });
}

const isNumber = (name: string) => /^\d/.test(name);
const codeOf = (name: string) => (isNumber(name) ? Number(name) : name.charCodeAt(0));
const nameOf = (code: number, like: string) => (isNumber(like) ? String(code) : String.fromCharCode(code));

interface Citation {
  readonly path: string;
  readonly book: string;
  readonly name: string;
}

/** A citation may be broken over two lines of a comment. */
function citationsOf(path: string, text: string): readonly Citation[] {
  const joined = text.replaceAll(/\s*\n\s*(?:\*|\/\/)? */g, " ");
  return [...joined.matchAll(CITATION)].flatMap(([, book = "", list = ""]) =>
    namesIn(list).map((name) => ({ path, book, name })),
  );
}

const unresolved = (citations: readonly Citation[]) =>
  citations.filter(({ book, name }) => !BOOKS[book]?.includes(name));

test("the rule book has the rules 1 to 33 and the laws a to h, the product the sections 1 to 7", () => {
  const upTo = (last: number) => Array.from({ length: last }, (_, at) => String(at + 1));
  expect(RULES).toEqual([...upTo(33), ..."abcdefgh"]);
  expect(BOOKS.PRODUCT).toEqual(upTo(7));
});

test("citations are found in lists, in ranges, over line breaks, and by letter", () => {
  const namesOf = (text: string) => citationsOf("", text).map(({ book, name }) => `${book} ${name}`);
  expect(namesOf("(ALERTS 17, 31)")).toEqual(["ALERTS 17", "ALERTS 31"]);
  expect(namesOf("ALERTS 4 to 6, 9 and 11:")).toEqual([4, 5, 6, 9, 11].map((name) => `ALERTS ${name}`));
  expect(namesOf("/** … (ALERTS 6,\n * c) and laws a to c */")).toEqual([
    ..."6c".split("").map((name) => `ALERTS ${name}`),
    ..."abc".split("").map((name) => `laws ${name}`),
  ]);
  expect(namesOf("ALERTS 7: a 504; PRODUCT 5, last line; const ALERTS = 90;")).toEqual(["ALERTS 7", "PRODUCT 5"]);
});

test("a citation of a rule that does not exist is found", () => {
  const wrong = citationsOf("some.ts", "ALERTS 5, 99 and law q, PRODUCT 6 to 8");
  expect(unresolved(wrong).map(({ name }) => name)).toEqual(["99", "q", "8"]);
});

test("every citation of a rule, a law or a section of the product resolves to a heading", () => {
  const citations = CITING.flatMap((path) => citationsOf(path, read(path)));
  expect(citations.length).toBeGreaterThan(300);
  expect(unresolved(citations)).toEqual([]);
});

const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "code");

/** As GitHub makes anchors of headings. */
const anchorsOf = (path: string) =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

function isBroken(path: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const there = file === "" ? path : relative(ROOT, resolve(ROOT, dirname(path), file));
  if (!existsSync(join(ROOT, there))) return true;
  return anchor !== undefined && there.endsWith(".md") && !anchorsOf(there).includes(anchor);
}

test("every relative link in a Markdown file leads to a file, and to a heading where it names one", () => {
  const links = MARKDOWN.flatMap((path) =>
    [...withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => ({ path, target }))
      .filter(({ target }) => !/^[a-z]+:/i.test(target)),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ path, target }) => isBroken(path, target))).toEqual([]);
});

test("every path under src, test, cards or docs that a Markdown file names exists", () => {
  const named = MARKDOWN.flatMap((path) =>
    [...read(path).matchAll(/(?<![\w./-])(?:src|test|cards|docs)\/[\w./-]*/g)].map(([text]) => ({
      path,
      file: text.replace(/\.+$/, ""),
    })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ file }) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test("every npm script that a Markdown file names is one", () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read("package.json"));
  const named = MARKDOWN.flatMap((path) =>
    [...read(path).matchAll(/\bnpm run (?:--?\w+ )*([\w:-]+)/g)].map(([, script = ""]) => ({ path, script })),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
});

test("docs/sandbox.md names every route by which the sandbox is controlled", () => {
  const sources = FILES.filter((path) => path.startsWith("src/sandbox/control/")).map(read);
  const routes = sources.flatMap((text) => [...text.matchAll(/"((?:GET|POST|PATCH|DELETE) \/sandbox[^"]*)"/g)]);
  const page = read("docs/sandbox.md");
  expect(routes.length).toBeGreaterThan(30);
  expect(routes.map(([, route = ""]) => route).filter((route) => !page.includes(`\`${route}`))).toEqual([]);
});

interface Step {
  readonly flow: string;
  readonly name: string;
  readonly file: string;
}

/** The numbered lists of docs/architecture.md: a heading for each flow, ``1. `name` in `file` …`` for each step. */
const STEPS: readonly Step[] = read("docs/architecture.md")
  .split(/^### /m)
  .slice(1)
  .flatMap((section) =>
    [...section.matchAll(/^\d+\. `(\w+)` in `(src\/[\w./-]+)`/gm)].map(([, name = "", file = ""]) => ({
      flow: section.split("\n")[0] ?? "",
      name,
      file,
    })),
  );

function isDeclared({ name, file }: Step): boolean {
  const declaration = new RegExp(String.raw`^\s*(?:export )?(?:async )?(?:function\*?|const) ${name}\b`, "m");
  return existsSync(join(ROOT, file)) && declaration.test(read(file));
}

test("the architecture draws three flows, and every function that they pass is declared in the file that is named", () => {
  expect([...new Set(STEPS.map(({ flow }) => flow))]).toHaveLength(3);
  expect(STEPS.filter((step) => !isDeclared(step))).toEqual([]);
  expect(isDeclared({ flow: "", name: "noSuchFunction", file: "src/main.ts" })).toBe(false);
});

test("no file has the marks of an unresolved merge", () => {
  const marked = FILES.filter((path) => /\.(md|ts|js|json|ya?ml|css|html)$/.test(path)).filter((path) =>
    /^(<{7}|>{7}) /m.test(read(path)),
  );
  expect(marked).toEqual([]);
});
