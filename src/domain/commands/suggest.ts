/** How many single-letter edits lie between two words. */
export type Distance = (a: string, b: string) => number;

/** The candidate that is nearest to a mistyped word; undefined when none is near enough to offer. */
export function nearest(word: string, candidates: readonly string[], distance: Distance): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > tolerance(word) || isDerived(word, candidate)) continue;
    const edits = distance(word, candidate);
    if (edits > mostEdits(word, candidate) || edits >= least) continue;
    best = candidate;
    least = edits;
  }
  return best;
}

/** A slip seldom hits the first letter: "silver" is no "filter". The same letters in another order (`hlep`) are one slip, and two edits. */
function mostEdits(word: string, candidate: string): number {
  if (isAnagram(word, candidate)) return tolerance(word) + 1;
  return word[0] === candidate[0] ? tolerance(word) : Math.min(1, tolerance(word));
}

/** How many edits a word may need: fewer in a short word, which has few letters to recognise it by. */
function tolerance(word: string): number {
  if (word.length < 3) return 0;
  if (word.length < 6) return 1;
  return word.length < 9 ? 2 : 3;
}

/** `unprovisioned` is the opposite of `provisioned`, not a mistyped form of it. */
function isDerived(word: string, candidate: string): boolean {
  return word.length - candidate.length > 1 && word.endsWith(candidate);
}

function isAnagram(a: string, b: string): boolean {
  return a.length >= 3 && a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
}

/** True if one typing slip turns `meant` into `word`: two letters swapped, one doubled, or one left out of a longer word. */
export function isTypingSlip(word: string, meant: string): boolean {
  if (word.length === meant.length) return word !== meant && isTransposition(word, meant);
  if (word.length === meant.length + 1)
    return indexesOf(word).some((at) => word[at] === word[at - 1] && without(word, at) === meant);
  return word.length >= 5 && indexesOf(meant).some((at) => without(meant, at) === word);
}

function isTransposition(word: string, meant: string): boolean {
  return indexesOf(word).some((at) => {
    const [one = "", two = ""] = [word[at], word[at + 1]];
    return word.slice(0, at) + two + one + word.slice(at + 2) === meant;
  });
}

function indexesOf(word: string): readonly number[] {
  return [...word].map((_, at) => at);
}

function without(word: string, at: number): string {
  return word.slice(0, at) + word.slice(at + 1);
}
