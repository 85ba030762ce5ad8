import { readFileSync } from "node:fs";

/** The columns of the table "Ten faults" of docs/operate.md. */
export type Said = Readonly<Record<"doctor" | "readyz" | "metrics" | "log" | "ops", string>>;

const COLUMNS = ["doctor", "readyz", "metrics", "log", "ops"] as const;

/** The rows of the table by the fault that they are about, each with what stands in code in its columns. */
export function readTable(): ReadonlyMap<string, Readonly<Record<keyof Said, readonly string[]>>> {
  const page = readFileSync(new URL("../../docs/operate.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("### Ten faults, and who says what");
  const rows = [...(section.split("\n###")[0]?.matchAll(/^\| (?!fault|---)(.*) \|$/gm) ?? [])];
  return new Map(
    rows.map(([, row = ""]) => {
      const [fault = "", ...cells] = row.split(" | ");
      const claims = COLUMNS.map((column, at) => [column, claimsIn(cells[at] ?? "")] as const);
      return [fault, Object.fromEntries(claims) as Record<keyof Said, readonly string[]>];
    }),
  );
}

/** Names of variables and of alert rules only explain. */
const claimsIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text).filter((text) => !/^[A-Z_]+$|^WholesaleBot/.test(text));

/** The claims of a row that nobody said, as `column: text`. */
export function unsaid(claims: Readonly<Record<keyof Said, readonly string[]>>, said: Said): readonly string[] {
  return COLUMNS.flatMap((column) =>
    claims[column].filter((text) => !said[column].includes(text)).map((text) => `${column}: ${text}`),
  );
}
