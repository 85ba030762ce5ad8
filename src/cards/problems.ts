import type { Problem } from "../domain/customers/customer.ts";
import { type DetailLevel, takeFirst } from "./detail.ts";
import { plain } from "./plain.ts";

/** One problem as a line of a card. A warning says so: the API gives the reason of an error in either list. */
export interface ProblemLine {
  readonly hasCode: boolean;
  readonly code: string;
  readonly text: string;
}

/** Said of what is in error and nothing explains. */
export const NO_REASON = "The API gives no reason.";

export function problemLines(problems: readonly Problem[], detail: DetailLevel): readonly ProblemLine[] {
  const { shown, more } = takeFirst(errorsFirst(problems), detail.problems);
  const lines = shown.map(({ level, code, text }) => {
    const said = plain(text, detail.text) || "no description given";
    return {
      hasCode: code !== undefined,
      code: String(code ?? ""),
      text: level === "warning" ? `Warning: ${said}` : said,
    };
  });
  return more === 0 ? lines : [...lines, { hasCode: false, code: "", text: `and ${more} more` }];
}

/** The same as text: `2560 Warning: One or more …`. */
export function problemText(problems: readonly Problem[], detail: DetailLevel): string {
  return problemLines(problems, detail)
    .map(({ code, text }) => (code === "" ? text : `${code} ${text}`))
    .join(" · ");
}

/** Codes without repetition, errors before warnings. */
export function problemCodes(problems: readonly Problem[]): readonly string[] {
  const codes = errorsFirst(problems).flatMap(({ code }) => (code === undefined ? [] : [String(code)]));
  return [...new Set(codes)];
}

function errorsFirst(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...problems.filter(({ level }) => level === "error"),
    ...problems.filter(({ level }) => level === "warning"),
  ];
}
