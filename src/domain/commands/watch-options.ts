import { fieldNamed, squashed } from "../customers/filter.ts";
import { pastFillers } from "./opening.ts";
import { yesOrNo } from "./setting.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, type PairToken, pairToken, spoken, type Token } from "./tokens.ts";
import { isNegation, settingNamed } from "./vocabulary.ts";

/** What `watch` takes besides a filter. */
type Option = "stuck" | "warnings" | "removed" | "escalate" | "confirm";

const OPTIONS: ReadonlyMap<string, Option> = new Map([
  ["stuck", "stuck"],
  ["warnings", "warnings"],
  ["warning", "warnings"],
  ["removed", "removed"],
  ["escalate", "escalate"],
  ["escalateto", "escalate"],
  ["confirm", "confirm"],
  ["confirmed", "confirm"],
]);

/** "stuck packages", "without warnings", "escalate to noc@example.com": options that nobody gave a sign. */
export function withSpokenOptions(tokens: readonly Token[]): readonly Token[] {
  const read: Token[] = [];
  for (const token of withSpokenAddress(tokens)) {
    const option = OPTIONS.get(spoken(token) ?? "");
    if (!option || option === "escalate") {
      read.push(token);
      continue;
    }
    const before = spoken(read.at(-1)) ?? "";
    const isNot = isNegation(before);
    if (isNot || /^(?:including|incl|plus)$/.test(before)) read.pop();
    read.push(pairToken(option, [bare(isNot ? "no" : "yes")]));
  }
  return read;
}

function withSpokenAddress(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex((token) => spoken(token) === "escalate");
  const end = pastFillers(tokens, at + 1);
  const to = tokens[end];
  if (at < 0 || to?.kind !== "word" || !isAddress(to.word.text)) return tokens;
  return tokens.toSpliced(at, end + 1 - at, pairToken("escalate", [to.word]));
}

export function optionOf(token: Token): Option | undefined {
  return token.kind === "pair" ? OPTIONS.get(squashed(token.key)) : undefined;
}

export interface SaidOptions {
  readonly stuck?: boolean;
  readonly warnings?: boolean;
  readonly removed?: boolean;
  readonly escalate?: string;
  readonly confirm?: boolean;
}

/** What a token says of the options; nothing when it is a term of the filter. The `instead` of a slip is what it should have been. */
export function readOption(token: Token, distance: Distance): Reading<SaidOptions> {
  if (token.kind === "word") return meant({});
  const option = optionOf(token);
  if (!option) return notMistyped(token, distance);
  const texts = token.values.map(({ text }) => text).filter((text) => text !== "");
  if (texts.length === 0 && token.values.length > 0) return meant({});
  return option === "escalate" ? readEscalate(texts) : readSwitch(option, texts, token.sign);
}

function notMistyped(pair: PairToken, distance: Distance): Reading<SaidOptions> {
  const key = squashed(pair.key);
  if (fieldNamed(key) || settingNamed(key)) return meant({});
  const near = nearest(key, [...OPTIONS.keys()], distance);
  if (near === undefined) return meant({});
  return slipped(
    `There is no option ${quote(pair.key)}.`,
    `The nearest is ${quote(near)}. A watch may have stuck=yes, warnings=yes, removed=yes and escalate=.`,
    [{ ...pair, key: near }],
  );
}

function readSwitch(
  option: Exclude<Option, "escalate">,
  [text = "", ...others]: readonly string[],
  sign: PairToken["sign"],
): Reading<SaidOptions> {
  const isOn = others.length === 0 ? yesOrNo(text) : undefined;
  if (isOn !== undefined) return meant({ [option]: isOn !== (sign === "!=") });
  return slipped(
    `${quote(`${option}=${[text, ...others].join(",")}`)} does not work.`,
    `Write ${option}=yes, or leave it out.`,
    option === "confirm" ? [] : [pairToken(option, [bare("yes")])],
  );
}

function readEscalate([to = "", ...others]: readonly string[]): Reading<SaidOptions> {
  if (isAddress(to) && others.length === 0) return meant({ escalate: to });
  return slipped(
    others.length > 0
      ? "A watch escalates to one person or space."
      : `${quote(to)} is no e-mail address and no id of a space.`,
    "For example escalate=noc@example.com, or the id of a space that I am in.",
    isAddress(to) ? [pairToken("escalate", [bare(to)])] : [],
  );
}

/** An e-mail address, or an opaque id: nothing else is so long and has no space in it. */
function isAddress(text: string): boolean {
  return /^[^\s@",]+@[^\s@",]+\.[^\s@",]+$/.test(text) || /^(?=.*\d)[\w+/=-]{16,}$/.test(text);
}
