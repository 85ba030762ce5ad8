import { AUDIT_OUTCOMES, type AuditField, type AuditTerm } from "../audit.ts";
import { normalizeName } from "../customers/filter.ts";
import type { Value } from "../customers/filter-fields.ts";
import { normalizeSince } from "../customers/since.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatPage, joinParts, type WriteValue } from "./format-terms.ts";
import { HIDDEN } from "./free-words.ts";
import { parseSetting } from "./list.ts";
import { isNoiseWord } from "./noise-words.ts";
import { mapCorrection, mapValue, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { sinceError } from "./since-commands.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareToken, bareWord, type PairToken, pairToken, type Token, unquotedWord, type Word } from "./tokenize.ts";

/** `audit since=2d who=ada command=watch`; `export audit` with the same arguments. */
export interface AuditCommand {
  readonly name: "audit";
  readonly terms: readonly AuditTerm[];
  /** A span or a time, as `normalizeSince` spells it. */
  readonly since?: string;
  /** From 1. */
  readonly page: number;
  /** The number of the newest row, so that pages stay as they are while rows are added. */
  readonly upTo?: number;
  /** As a CSV file with all rows, in place of a page. */
  readonly isFile?: true;
}

export const audit: CommandDefinition<AuditCommand> = {
  words: ["audit"],
  suggested: { bySlip: ["audit"] },
  needs: "admin",
  confidential: true,
  help: [
    {
      also: ["log", "who"],
      usage: "audit since=2d who=ada",
      does: "who asked, pressed, was refused or changed what; export audit as a CSV file",
      more: [
        "Fields: since, who (a part of a name or address), command (command=watch,ack), outcome (outcome=refused).",
        "Rows are kept for 400 days, and never hold notes, reasons or words that were searched for.",
      ],
    },
  ],
  withoutFreeWords: ({ terms, ...rest }) => ({ ...rest, terms: terms.map(hidePeople) }),
  parse: ({ rest }, distance) => parseAudit(rest, distance),
  format: formatAudit,
};

function hidePeople(term: AuditTerm): AuditTerm {
  return term.field === "who" ? { ...term, values: [{ text: HIDDEN, prefix: false }] } : term;
}

function formatAudit({ terms, since, page, upTo, isFile }: AuditCommand, write: WriteValue): string {
  return joinParts(
    isFile && "export",
    "audit",
    since !== undefined && `since=${write(since, { bare: true })}`,
    ...terms.map(({ field, negated, values }) => {
      const texts = values.map(({ text, prefix }) => `${write(text, { bare: true })}${prefix ? "*" : ""}`);
      return `${field}${negated ? "!=" : "="}${texts.join(",")}`;
    }),
    formatPage(page),
    upTo !== undefined && `upto=${upTo}`,
  );
}

type Key = AuditField | "since" | "page" | "upto";

const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["who", "who"],
  ["by", "who"],
  ["person", "who"],
  ["user", "who"],
  ["command", "command"],
  ["commands", "command"],
  ["cmd", "command"],
  ["outcome", "outcome"],
  ["result", "outcome"],
  ["since", "since"],
  ["page", "page"],
  ["upto", "upto"],
]);

const FIELDS_HINT = "An audit takes since=, who=, command= and outcome=, for example audit since=2d outcome=refused.";
const FILE_WORDS: ReadonlySet<string> = new Set(["export", "csv", "file", "download"]);

type Part = Partial<Omit<AuditCommand, "name" | "terms">> & { readonly term?: AuditTerm };

/** Undefined if other words follow: they are the name of a customer, such as `Audit Partners`. */
function parseAudit(tokens: readonly Token[], distance: Distance): ParseResult<AuditCommand> | undefined {
  const words = tokens.filter((token) => token.kind === "word").filter((token) => !isNoiseWord(unquotedWord(token)));
  if (!words.every((token) => impliedPair(token) !== undefined)) return undefined;
  const pairs = tokens.flatMap((token) => (token.kind === "pair" ? [token] : (impliedPair(token) ?? [])));
  const isFile = words.some((token) => FILE_WORDS.has(unquotedWord(token) ?? ""));
  const front = [...(isFile ? ["export"] : []), "audit"].map(bareToken);
  const terms: AuditTerm[] = [];
  let command: AuditCommand = { name: "audit", terms, page: 1, ...(isFile && { isFile }) };
  for (const [at, pair] of pairs.entries()) {
    const part = parsePart(pair, distance);
    if (!part.ok)
      return mapCorrection(part, (better) => [...front, ...pairs.slice(0, at), ...better, ...pairs.slice(at + 1)]);
    const { term, ...settings } = part.value;
    if (term !== undefined) terms.push(term);
    command = { ...command, ...settings };
  }
  return countValues(terms) > MAX_VALUES ? tooMany() : parsed(command);
}

const MAX_VALUES = 50;

const countValues = (terms: readonly AuditTerm[]): number => terms.reduce((sum, { values }) => sum + values.length, 0);

const tooMany = (): ParseResult<never> =>
  parseError(`More than ${MAX_VALUES} values are too many for one audit.`, FIELDS_HINT, [bareToken("audit")]);

/** "refused", "today", "2h", "csv", typed without a sign. Empty for a word that is no argument, undefined for any other word. */
function impliedPair(token: Token): PairToken[] | undefined {
  const word = unquotedWord(token);
  if (word === undefined) return undefined;
  if (FILE_WORDS.has(word) || /^(?:log|trail|all)$/.test(word)) return [];
  if (isOutcome(word)) return [pairToken("outcome", [bareWord(word)])];
  return normalizeSince(word) === undefined ? undefined : [pairToken("since", [bareWord(word)])];
}

function parsePart(pair: PairToken, distance: Distance): ParseResult<Part> {
  const name = normalizeName(pair.key);
  const key = KEYS.get(name);
  const values = pair.values.filter(({ text }) => text !== "");
  if (key === undefined) return unknownKey(pair, nearest(name, [...KEYS.keys()], distance));
  if (values.length === 0) return parsed({});
  if (key === "since") return parseSinceValue(values);
  if (key === "page") return mapValue(parseSetting("page", pair, distance), ({ page = 1 }) => ({ page }));
  if (key === "upto") return parsed(parseUpTo(values));
  return mapValue(parseValues(key, values, distance), (read) => ({
    term: { field: key, negated: pair.sign === "!=", values: read },
  }));
}

function unknownKey(pair: PairToken, near: string | undefined): ParseResult<never> {
  const problem = `An audit has no field ${quote(pair.key)}.`;
  return parseError(problem, FIELDS_HINT, near === undefined ? [] : [{ ...pair, key: KEYS.get(near) ?? near }]);
}

function parseSinceValue(values: readonly Word[]): ParseResult<Part> {
  const text = values.map((value) => value.text).join(" ");
  const since = normalizeSince(text);
  return since === undefined ? sinceError(text) : parsed({ since });
}

/** A part of the buttons; nobody types it. */
function parseUpTo([value]: readonly Word[]): Part {
  const upTo = Number(value?.text);
  return Number.isSafeInteger(upTo) && upTo > 0 ? { upTo } : {};
}

/** Names of commands are looked up when the audit is read: every command knows its own words, and this one not all others. */
function parseValues(field: AuditField, words: readonly Word[], distance: Distance): ParseResult<readonly Value[]> {
  const values = words.map(({ text, prefix }) => ({ text: field === "who" ? text : text.toLowerCase(), prefix }));
  const wrong = field === "outcome" ? values.find(({ text, prefix }) => !prefix && !isOutcome(text)) : undefined;
  if (wrong === undefined) return parsed(values);
  const near = nearest(wrong.text, AUDIT_OUTCOMES, distance);
  return parseError(
    `${quote(wrong.text)} is not an outcome.`,
    `Outcomes: ${AUDIT_OUTCOMES.join(", ")}.`,
    near === undefined ? [] : [pairToken("outcome", [bareWord(near)])],
  );
}

function isOutcome(text: string): boolean {
  return AUDIT_OUTCOMES.some((outcome) => outcome === text);
}
