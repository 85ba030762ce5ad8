/**
 * What a spreadsheet takes for a formula: a sign of calculation at the start, plain, full-width or small, be it behind blanks,
 * invisible characters or quotes; and a tab or a line break at the start, which some drop before they look.
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}"'‘’“”`]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u;

/** A foreign text as a cell that opens as that text in every spreadsheet, and never as a formula. */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
