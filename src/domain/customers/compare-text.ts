/** Longer texts are compared by their beginning: a database index holds no endless key, and nobody types one. */
const MAX_LENGTH = 200;

/**
 * A text as filters and sorting compare it: lower case, cut, without control characters and what is no character at all, which
 * databases refuse or read differently. Absent is the empty text. The store keeps its search columns in this form.
 */
export function foldCase(text: string | undefined): string {
  return keepCase(text?.toLowerCase());
}

/** The same for ids, whose case counts. */
export function keepCase(text: string | undefined): string {
  return (text ?? "").slice(0, MAX_LENGTH).replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}

/** Orders by code point, as both databases do, and not by UTF-16 unit, as JavaScript does. */
export function compareTexts(a: string, b: string): number {
  const [as, bs] = [[...a], [...b]];
  for (const [index, char] of as.entries()) {
    const other = bs[index];
    if (other === undefined) return 1;
    const difference = (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return as.length - bs.length;
}
