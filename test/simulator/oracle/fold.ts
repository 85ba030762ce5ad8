/** The letters and digits of a text in lower case: names are compared so, because cards replace some characters. */
export function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  const short = text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  folded.set(text, short);
  return short;
}

const folded = new Map<string, string>();
