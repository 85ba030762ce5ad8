import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { Profile, ProfileNode } from "./profiler.ts";

/** How much of the busy time was spent in one part of the code itself, without what it calls. */
export interface PartShare {
  readonly part: string;
  /** From 0 to 1. */
  readonly share: number;
}

const IDLE = "(idle)";
const GARBAGE = "(garbage collector)";

/**
 * Shares of a profile by part of the code: a package, a folder of `src`, Node.js. What V8 runs itself, such as a regular
 * expression, counts for the code that asked for it.
 * @returns the largest first
 */
export function sharesOf({ nodes, samples, timeDeltas }: Profile): readonly PartShare[] {
  const partOfNode = findParts(nodes);
  const spent = new Map<string, number>();
  samples.forEach((id, at) => {
    const part = partOfNode.get(id);
    if (part !== undefined) spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const total = [...spent.values()].reduce((sum, us) => sum + us, 0);
  return [...spent]
    .map(([part, us]) => ({ part, share: us / total }))
    .toSorted((one, other) => other.share - one.share);
}

/** The part of each node; none for a node that waits. */
function findParts(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const partOfFile = createPartOfFile();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<number, string>();
  const visit = (node: ProfileNode, callers: string): void => {
    const { functionName, url, lineNumber, columnNumber } = node.callFrame;
    const own = functionName === GARBAGE ? "garbage collection" : partOfFile(url, lineNumber, columnNumber);
    const part = own ?? callers;
    if (functionName !== IDLE) parts.set(node.id, part);
    for (const child of node.children ?? []) {
      const called = byId.get(child);
      if (called !== undefined) visit(called, part);
    }
  };
  if (nodes[0] !== undefined) visit(nodes[0], "Node.js");
  return parts;
}

/** Finds the part of a place in a built file; undefined for what is no file. */
function createPartOfFile(): (url: string, line: number, column: number) => string | undefined {
  const maps = new Map<string, SourceMap | undefined>();
  return (url, line, column) => {
    if (url === "") return undefined;
    if (!url.startsWith("file:")) return "Node.js";
    if (!maps.has(url)) maps.set(url, readMap(url));
    const entry = maps.get(url)?.findEntry(line, column);
    return partOf(entry !== undefined && "originalSource" in entry ? entry.originalSource : url);
  };
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, "utf8")));
  } catch {
    // Packages that are not built into the bot have no map, such as libsql.
    return undefined;
  }
}

/** `src/domain/commands`, `kysely`, `@webex/common` */
function partOf(source: string): string {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(source) ?? [];
  if (name === "libsql") return "SQLite (libsql)";
  if (name !== undefined) return name;
  const [, folder] = /\/(src(?:\/domain)?\/[^/]+)/.exec(source) ?? [];
  return folder ?? "Node.js";
}
