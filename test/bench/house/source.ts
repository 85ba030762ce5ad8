import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export type Row = readonly [what: string, figure: string | number];

type SourceFile = Readonly<{ path: string; text: string; lines: number }>;

const SMALL = 40;
const CITATION = /\b(ALERTS|PRODUCT)\b(?=(?:\.md)? §?\d)/g;
const DOC_COMMENT = /\/\*\*\s*(?:\*\s*)?(\S+)/g;
/** The formatter keeps indentation consistent: a function ends at the first lone `}` at the indentation of its first line. */
const FUNCTION = /^( *)(?=((?:export )?(?:async )?function\b[\s\S]*?\n\1\}$))/gm;
const INDIRECT = /^(?:What|Whether|Who|Those|Whoever)\b/;

/** The figures that the text of the files gives, without running anything. */
export function measureSource(root: string): readonly Row[] {
  const src = typescriptIn(root, "src");
  const test = typescriptIn(root, "test");
  const bot = src.filter((file) => !file.path.startsWith("src/sandbox/"));
  const small = src.filter(({ lines }) => lines <= SMALL);
  const dangling = countDangling(root, [...src, ...test]);
  return [
    ["TypeScript files under `src` without the sandbox / with", `${bot.length} / ${src.length}`],
    ["lines of these; of `test`", `${linesOf(bot)} / ${linesOf(src)}; ${linesOf(test)}`],
    ["files of `src` that one other file of `src` imports", countOneImporter(src)],
    [`files of \`src\` of ${SMALL} lines or fewer`, small.length],
    ["file names that occur more than once in `src`", countRepeatedNames(src)],
    ["citations of ALERTS or PRODUCT in `src` and `test` without such a document in `docs`", dangling],
    docCommentRow(src),
    functionRow(src),
  ];
}

/** The TypeScript files below a folder of the checkout, without declaration files. */
function typescriptIn(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.d)\.ts$/.test(name) && !name.includes("node_modules"))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), "utf8");
      return { path: join(folder, name), text, lines: text.split("\n").length - 1 };
    });
}

const linesOf = (files: readonly SourceFile[]): number => files.reduce((sum, { lines }) => sum + lines, 0);

/** A file counts once as an importer, however often it imports; type imports count, tests do not. */
function countOneImporter(files: readonly SourceFile[]): number {
  const importers = new Map<string, number>();
  for (const { path, text } of files) {
    const named = [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*"(\.[^"]+)"/gm)];
    const imported = new Set(named.map(([, to = ""]) => join(dirname(path), to)));
    for (const to of imported) importers.set(to, (importers.get(to) ?? 0) + 1);
  }
  return files.filter(({ path }) => importers.get(path) === 1).length;
}

function countRepeatedNames(files: readonly SourceFile[]): number {
  const names = files.map(({ path }) => basename(path));
  return new Set(names.filter((name, at) => names.indexOf(name) !== at)).size;
}

/** `ALERTS 14` cites the document `docs/alerts.md`, whatever the case of its name. */
function countDangling(root: string, files: readonly SourceFile[]): number {
  const docs = readdirSync(join(root, "docs")).map((name) => name.toLowerCase());
  const cited = files.flatMap(({ text }) => [...text.matchAll(CITATION)].map(([, name = ""]) => name));
  return cited.filter((name) => !docs.includes(`${name.toLowerCase()}.md`)).length;
}

function docCommentRow(files: readonly SourceFile[]): Row {
  const words = files.flatMap(({ text }) => [...text.matchAll(DOC_COMMENT)].map(([, word = ""]) => word));
  const indirect = words.filter((word) => INDIRECT.test(word)).length;
  return [
    "doc comments of `src` that begin with What, Whether, Who, Whoever or Those",
    `${indirect} of ${words.length} (${Math.round((100 * indirect) / words.length)} %)`,
  ];
}

function functionRow(files: readonly SourceFile[]): Row {
  const lengths = files
    .flatMap(({ text }) => [...text.matchAll(FUNCTION)].map(([, , body = ""]) => body.split("\n").length))
    .toSorted((a, b) => a - b);
  const at = (part: number): number => lengths[Math.floor(part * (lengths.length - 1))] ?? 0;
  return [
    "lines of a `function` of `src`: median / p90 / longest (how many)",
    `${at(0.5)} / ${at(0.9)} / ${at(1)} (${lengths.length})`,
  ];
}
