import type { Customer, Problem } from "../domain/customers/customer.ts";
import { type DetailLevel, formatList } from "./detail-level.ts";
import { type StatusPart, statusPart } from "./elements.ts";
import { codesInBrackets, hasWarnings, type Item, isUnreported, itemsOf, itemText, problemCodes } from "./items.ts";
import { customerTone, statusWord } from "./words.ts";

/** How much there is room for in a line. */
type LineLimits = Pick<DetailLevel, "names" | "codes">;

/** One customer in a line: problems first and spelled out, then what is under way, and what is well as a number. */
export function statusParts(customer: Customer, room: LineLimits): readonly StatusPart[] {
  const items = itemsOf(customer);
  const unwell = [...problemParts(customer, items, room), ...movingParts(customer, items, room)];
  const unreported = items.filter(isUnreported);
  return [
    ...unwell,
    ...goodParts(customer, items, unwell.length > 0),
    ...(unreported.length === 0
      ? []
      : [statusPart("quiet", "Not reported", `Not reported${itemList(unreported, room)}`)]),
  ];
}

/** The same as numbers, for the head of one customer's card: `! Provisioned with errors · ✕ 1 in error · ✓ 5 OK`. */
export function statusCounts(customer: Customer): readonly StatusPart[] {
  const items = itemsOf(customer);
  const own = customerTone(customer.status);
  const bad = items.filter(({ tone }) => tone === "bad").length;
  const warned = items.filter(hasWarnings).length + (own === "good" && customer.problems.length > 0 ? 1 : 0);
  const unreported = items.filter(isUnreported).length;
  const unwell = [
    ...(own === "good" || (own === "bad" && bad > 0) ? [] : [statusPart(own, statusWord(customer.status))]),
    ...(bad === 0 ? [] : [statusPart("bad", "Error", own === "bad" ? `Error: ${bad} in error` : `${bad} in error`)]),
    ...(warned === 0 ? [] : [statusPart("warning", `${warned} with warnings`)]),
    ...movingCounts(items),
  ];
  return [
    ...unwell,
    ...goodParts(customer, items, unwell.length > 0),
    ...(unreported === 0 ? [] : [statusPart("quiet", `${unreported} not reported`)]),
  ];
}

/**
 * What is bad, then what is warned of. The customer's own status and codes go with the first part there is, so that a
 * customer in error never looks well because its packages do.
 */
function problemParts(customer: Customer, items: readonly Item[], room: LineLimits): readonly StatusPart[] {
  const bad = items.filter(({ tone }) => tone === "bad");
  const warned = items.filter(hasWarnings);
  const own = customerTone(customer.status);
  const isToldByPackages = customer.status === "provisioned_with_errors" && bad.length > 0;
  const heads = [
    ...(own === "bad" || bad.length > 0 ? [{ tone: "bad", word: "Error", rest: itemList(bad, room) } as const] : []),
    ...(own === "warning" && !isToldByPackages
      ? [{ tone: "warning", word: statusWord(customer.status), rest: "" } as const]
      : []),
  ];
  const needsWarning = warned.length > 0 || (heads.length === 0 && customer.problems.length > 0);
  const warning = { tone: "warning", word: "Warning", rest: itemList(warned, room) } as const;
  const codes = codesInBrackets(withoutRepeatedCodes(customer.problems, [...bad, ...warned]), room.codes);
  return [...heads, ...(needsWarning ? [warning] : [])].map(({ tone, word, rest }, i) =>
    statusPart(tone, word, `${word}${i === 0 ? codes : ""}${rest}`),
  );
}

/** What is under way, by its word; the customer's own word is said even when no package shares it. */
function movingParts(customer: Customer, items: readonly Item[], room: LineLimits): readonly StatusPart[] {
  const moving = items.filter(({ tone }) => tone === "moving");
  const own = customerTone(customer.status) === "moving" ? [statusWord(customer.status)] : [];
  const words = new Set([...own, ...moving.map(({ status }) => statusWord(status))]);
  return [...words].map((word) => {
    const these = moving.filter(({ status }) => statusWord(status) === word);
    return statusPart("moving", word, `${word}${itemList(these, room)}`);
  });
}

function movingCounts(items: readonly Item[]): readonly StatusPart[] {
  const words = items.filter(({ tone }) => tone === "moving").map(({ status }) => statusWord(status));
  return [...new Set(words)].map((word) => {
    const count = words.filter((other) => other === word).length;
    return statusPart("moving", `${count} ${word.toLowerCase()}`);
  });
}

/** Healthy packages are counted, never listed; healthy add-ons go without saying. */
function goodParts(customer: Customer, items: readonly Item[], isUnwell: boolean): readonly StatusPart[] {
  const good = items.filter((item) => item.tone === "good" && !item.isAddOn && !hasWarnings(item)).length;
  const isAll = good === customer.packages.length && !isUnwell;
  if (good > 0) return [statusPart("good", "Provisioned", isAll ? allProvisioned(good) : `${good} OK`)];
  if (isUnwell || customerTone(customer.status) !== "good") return [];
  return [
    statusPart("good", "Provisioned"),
    ...(customer.packages.length === 0 ? [statusPart("quiet", "No packages")] : []),
  ];
}

function allProvisioned(count: number): string {
  return count === 1 ? "1 package provisioned" : `All ${count} packages provisioned`;
}

/** `: Calling (2560), Meetings and 3 more`; a code that all share is said once: `: Calling, Suite (92104)`. Empty for nobody. */
function itemList(items: readonly Item[], room: LineLimits): string {
  const [first, ...others] = items;
  if (first === undefined) return "";
  const codes = codesInBrackets(first.problems, room.codes);
  const isShared = others.length > 0 && items.every(({ problems }) => codesInBrackets(problems, room.codes) === codes);
  if (!isShared)
    return `: ${formatList(
      items.map((item) => itemText(item, room.codes)),
      room.names,
    )}`;
  return `: ${formatList(
    items.map((item) => itemText(item, 0)),
    room.names,
  )}${codes}`;
}

/** The customer's own problems, without those whose code its packages tell anyway. */
function withoutRepeatedCodes(problems: readonly Problem[], items: readonly Item[]): readonly Problem[] {
  const told = new Set(items.flatMap((item) => problemCodes(item.problems)));
  return problems.filter(({ code }) => code === undefined || !told.has(String(code)));
}
