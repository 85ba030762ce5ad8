import { type ExpressionBuilder, type ReferenceExpression, type SqlBool, sql } from "kysely";
import type { Term, Value } from "../domain/customers/filter.ts";
import { fold } from "../domain/customers/fold.ts";
import { comparable } from "../domain/customers/predicate.ts";
import { sinceTime } from "../domain/customers/since.ts";
import type { Tables } from "./schema.ts";

/** One term each, as conditions that both databases read the same and can use an index for. Values are parameters, always. */

/** The values of the term, as the column has them. */
export function likeAny<D, T extends keyof D>(
  is: ExpressionBuilder<D, T>,
  column: ReferenceExpression<D, T>,
  { field, values }: Pick<Term, "field" | "values">,
) {
  const texts = values.filter(({ prefix }) => !prefix).map(({ text }) => comparable(field, text));
  const prefixes = values.filter(({ prefix }) => prefix).map(({ text }) => comparable(field, text));
  return is.or([
    ...(texts.length > 0 ? [is(column, "in", texts)] : []),
    ...prefixes.map((prefix) => begins(is, column, prefix)),
  ]);
}

/** A prefix is a range: from itself to the first text behind all that begin with it. */
function begins<D, T extends keyof D>(
  is: ExpressionBuilder<D, T>,
  column: ReferenceExpression<D, T>,
  prefix: string,
) {
  const end = afterAll(prefix);
  return end === undefined
    ? is(column, ">=", prefix)
    : is.and([is(column, ">=", prefix), is(column, "<", end)]);
}

/** The prefix with its last character moved on by one; undefined when nothing comes behind it. */
function afterAll(prefix: string): string | undefined {
  const chars = [...prefix];
  const last = chars.pop()?.codePointAt(0);
  if (last === undefined) return undefined;
  if (last === 0x10ffff) return afterAll(chars.join(""));
  // The halves of surrogate pairs are no characters.
  return chars.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
}

export function changedSince(is: ExpressionBuilder<Tables, "customers">, { values }: Term, now: number) {
  const moments = values.flatMap(({ text }) => sinceTime(text, now) ?? []);
  return moments.length === 0 ? is.or([]) : is("changedAt", ">=", Math.min(...moments));
}

export function saysAny(is: ExpressionBuilder<Tables, "customers">, { values }: Term) {
  return is.or(values.map((value) => sql<SqlBool>`${is.ref("search")} like ${patternOf(value)} escape '\\'`));
}

/** Each of the texts that are looked through stands behind the end of a line, so a line break finds beginnings. */
function patternOf({ text, prefix }: Value): string {
  const word = fold(text).replace(/[\\%_]/g, "\\$&");
  return prefix ? `%\n${word}%` : `%${word}%`;
}

/** The name is the first line of what free words look through. Whoever has one has it for a title, and titles have an index. */
export function nameHolds(is: ExpressionBuilder<Tables, "customers">, { field, values }: Term) {
  const lines = values.map(({ text, prefix }) => `\n${comparable(field, text)}${prefix ? "" : "\n"}`);
  const isNamed = is.or(lines.map((line) => begins(is, "search", line)));
  return values.some(({ text }) => text === "")
    ? isNamed
    : is.and([isNamed, likeAny(is, "titleKey", { field, values })]);
}
