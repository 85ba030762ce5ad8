import { z } from "zod";
import type { Problem } from "../domain/customers/customer.ts";

/** A field that is words or nothing: whatever else stands there does not spoil the row. */
export const text = z.union([z.string(), z.number()]).nullish().catch(null);
/** A field that is looked at by hand. */
export const unparsed = z.unknown().optional();
const problem = z.object({ errorCode: unparsed, description: text });

/** Errors first, then warnings. */
export function problemsOf(lists: {
  readonly errors?: unknown;
  readonly warnings?: unknown;
}): readonly Problem[] {
  return [...problemsAt("error", lists.errors), ...problemsAt("warning", lists.warnings)];
}

/** One without a list around it counts too. */
function problemsAt(level: Problem["level"], list: unknown): readonly Problem[] {
  return (Array.isArray(list) ? list : [list]).flatMap((item) => {
    const parsed = problem.safeParse(typeof item === "string" ? { description: item } : item);
    if (!parsed.success) return [];
    const code = codeOf(parsed.data.errorCode);
    const words =
      textOf(parsed.data.description) ?? (code === undefined ? textOf(parsed.data.errorCode) : "");
    if (words === undefined) return [];
    return [{ level, ...(code !== undefined && { code }), text: words }];
  });
}

/** A number, or its digits in a string; the API's own examples have stray quotes around some. */
export function codeOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const digits = typeof value === "string" ? /^[\s"']*(\d{1,15})[\s"']*$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** Null and blank count as absent. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
