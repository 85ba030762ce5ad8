import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import { isErrorWord, isIn, type TermMatch } from "./term-match.ts";
import { bareWord, pairToken, type Token, unquotedWord, type Word } from "./tokenize.ts";
import { isFiller } from "./vocabulary.ts";

/** "error 2560", "errors with code 2560 and 2561", "2560 errors". */
export function matchCode(tokens: readonly Token[], at: number): TermMatch | undefined {
  const codes: Word[] = [];
  const word = unquotedWord(tokens[at]);
  const isLed = isErrorWord(word) || /^(?:error|fehler)codes?$/.test(word ?? "");
  let end = isLed ? skipCodeNouns(tokens, at + 1) : at;
  for (let code = codeAt(tokens, end); code !== undefined && codes.length < MOST_CODES; code = codeAt(tokens, end)) {
    codes.push(bareWord(code));
    end = skipFillers(tokens, end + 1, FEW_FILLERS);
  }
  const isFollowed = isErrorWord(unquotedWord(tokens[end]));
  if (codes.length === 0 || !(isLed || isFollowed)) return undefined;
  return { token: pairToken("code", codes), consumed: end + (isFollowed && !isLed ? 1 : 0) - at };
}

const MOST_CODES = 20;

/** "error with the code no. 2560" */
function skipCodeNouns(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at - from < FEW_FILLERS && isBeforeCode(unquotedWord(tokens[at]))) at += 1;
  return at;
}

function isBeforeCode(word: string | undefined): boolean {
  return word !== undefined && (isFiller(word) || /^(?:codes?|no|nr)$/.test(word));
}

/** Shorter numbers are rather rows or pages. */
const NUMBER = /^#?(\d{3,6})$/;

function codeAt(tokens: readonly Token[], at: number): string | undefined {
  return NUMBER.exec(unquotedWord(tokens[at]) ?? "")?.[1];
}

/** "who has 2560", "2560 in Spain", "in 10115": a number is a code behind a verb and beside terms alone, and a zip behind "in". */
export function matchNumber(tokens: readonly Token[], at: number): TermMatch | undefined {
  const isPlace = isIn(unquotedWord(tokens[at]));
  const number = codeAt(tokens, isPlace ? at + 1 : at);
  if (number === undefined) return undefined;
  if (isPlace) return number.length < 4 ? undefined : { token: pairToken("zip", [bareWord(number)]), consumed: 2 };
  const code = { token: pairToken("code", [bareWord(number)]), consumed: 1 };
  if (isHaving(unquotedWord(tokens[at - 1]))) return code;
  return { ...code, mayBeName: "alone" };
}

function isHaving(word: string | undefined): boolean {
  return /^(?:has|have|having|had|got|gets?|getting|shows?|showing|reports?|reporting|by)$/.test(word ?? "");
}

/** True if an unquoted search word would be read as a code or a zip. */
export function isNumberWord(word: string): boolean {
  return NUMBER.test(word);
}
