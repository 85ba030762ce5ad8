import { isActive } from "../domain/alerts/alert.ts";
import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import { memoryText, turnText } from "../domain/views/code-text.ts";
import type { AlertView } from "../domain/views/views.ts";
import { reasonsOf } from "./alert-line.ts";
import type { DetailLevel } from "./detail-level.ts";
import { NO_REASON, type ProblemLine, problemLines } from "./items.ts";
import { plain } from "./plain-text.ts";
import { joinNonEmpty } from "./words.ts";

/** The top of an alert: why it failed, whose turn it is, and what to try. */
interface Reasons {
  readonly reasons: readonly Reason[];
  /** The bot’s memory of the first code, as text; empty where it has none. */
  readonly memory: string;
  /** The API's own words for the codes that have an entry. */
  readonly quotes: readonly string[];
}

export interface Reason {
  /** Empty if the problem has no code. */
  readonly code: string;
  readonly text: string;
  /** `Cisco’s turn`; empty for a code without an entry. */
  readonly turn: string;
  readonly advice: string;
}

const NO_ENTRY = "The bot does not know this code.";

/** Of an alert that is over, only what the API said is shown. */
export function readReasons({ alert, memory }: AlertView, detail: DetailLevel, codes: ErrorCodes): Reasons {
  const lines = problemLines(reasonsOf(alert), detail);
  const only = (texts: readonly string[]): Reasons => ({
    reasons: texts.map((text) => ({ ...NOTHING_KNOWN, text })),
    memory: "",
    quotes: [],
  });
  if (!isActive(alert)) return only(lines.map(({ code, text }) => `It was: ${joinNonEmpty([code, text], " ")}`));
  if (lines.length === 0) return only(alert.key.kind === "error" ? [NO_REASON] : []);
  const isKnown = ({ code }: ProblemLine): boolean => code !== "" && codes.has(Number(code));
  return {
    reasons: lines
      .filter((line, at) => !isKnown(line) || isFirstOfCode(line, at, lines))
      .map((line, at, shown) => {
        const hint = line.code !== "" && isFirstOfCode(line, at, shown) ? adviceFor(line, detail, codes) : {};
        return { ...NOTHING_KNOWN, code: line.code, text: line.text, ...hint };
      }),
    memory: memory === undefined ? "" : memoryText(memory, hasSeveral(lines) ? `code ${memory.code}` : undefined),
    quotes: lines.filter(isKnown).map(({ text }) => `The API says: ${text}`),
  };
}

const NOTHING_KNOWN: Reason = { code: "", text: "", turn: "", advice: "" };

/** The memory is of the first code only. */
const hasSeveral = (lines: readonly ProblemLine[]): boolean => new Set(lines.map(({ code }) => code)).size > 1;

function isFirstOfCode({ code }: ProblemLine, at: number, lines: readonly ProblemLine[]): boolean {
  return lines.findIndex((line) => line.code === code) === at;
}

/** The meaning stands in place of the API's own text. */
function adviceFor({ code }: ProblemLine, detail: DetailLevel, codes: ErrorCodes): Partial<Reason> {
  const known = codes.get(Number(code));
  if (known === undefined) return { advice: NO_ENTRY };
  return { text: plain(known.meaning, detail.text), turn: turnText(known), advice: plain(known.next, detail.text) };
}

/** The meaning of an error code, and whose turn it is: `Cisco’s turn`. */
export interface CodeMeaning {
  readonly meaning: string;
  readonly turn: string;
}

/** Without the advice, for a card that tells of many codes; `code 2560` has all of it. Empty for a code without an entry. */
export function codeMeaning(code: string, detail: DetailLevel, codes: ErrorCodes): readonly CodeMeaning[] {
  const known = code === "" ? undefined : codes.get(Number(code));
  return known === undefined ? [] : [{ meaning: plain(known.meaning, detail.text), turn: turnText(known) }];
}

/** `Webex Calling is under maintenance. Cisco’s turn: wait …`, of the code that many share, which the title names. */
export function commonReason(code: number | undefined, detail: DetailLevel, codes: ErrorCodes): readonly string[] {
  const known = code === undefined ? undefined : codes.get(code);
  if (known === undefined) return [];
  return [[known.meaning, `${turnText(known)}: ${known.next}`].map((text) => plain(text, detail.text)).join(" ")];
}

/** The line of Webex Status, if there is one. */
export function webexStatusLines(
  { webexStatus }: { readonly webexStatus?: string },
  detail: DetailLevel,
): readonly string[] {
  return webexStatus === undefined ? [] : [plain(webexStatus, detail.text)];
}
