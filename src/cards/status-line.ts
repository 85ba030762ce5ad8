import type { Customer, Problem } from "../domain/customers/customer.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type StatusPart, statusPart } from "./elements.ts";
import { codesInBrackets, hasWarnings, type Item, isUnreported, itemsOf, problemCodes } from "./items.ts";
import { customerTone, joinNonEmpty, statusWord } from "./words.ts";

interface LineLimits extends Pick<DetailLevel, "names" | "codes"> {
  /** The list says above its rows that all are in error: `✕ Calling (2560)` instead of `✕ Error: Calling (2560)`. */
  readonly omitsError?: boolean;
}

/** One customer in a line: problems with names and codes, then items in progress, then the number of healthy packages. */
export function statusParts(customer: Customer, limits: LineLimits): readonly StatusPart[] {
  const items = itemsOf(customer);
  const unhealthy = [...problemParts(customer, items, limits), ...movingParts(customer, items, limits)];
  const unreported = items.filter(isUnreported);
  return [
    ...unhealthy,
    ...goodParts(customer, items, unhealthy.length > 0),
    ...(unreported.length === 0
      ? []
      : [statusPart("quiet", "Not reported", `Not reported${afterColon(itemList(unreported, limits))}`)]),
  ];
}

/** The same as numbers, for the head of one customer's card: `! Provisioned with errors · ✕ 1 in error · ✓ 5 OK`. */
export function statusCounts(customer: Customer): readonly StatusPart[] {
  const items = itemsOf(customer);
  const own = customerTone(customer.status);
  const bad = items.filter(({ tone }) => tone === "bad").length;
  const warned = items.filter(hasWarnings).length + (own === "good" && customer.problems.length > 0 ? 1 : 0);
  const unreported = items.filter(isUnreported).length;
  const unhealthy = [
    ...(own === "good" || (own === "bad" && bad > 0) ? [] : [statusPart(own, statusWord(customer.status))]),
    ...(bad === 0 ? [] : [statusPart("bad", "Error", own === "bad" ? `Error: ${bad} in error` : `${bad} in error`)]),
    ...(warned === 0 ? [] : [statusPart("warning", `${warned} with warnings`)]),
    ...movingCounts(items),
  ];
  return [
    ...unhealthy,
    ...goodParts(customer, items, unhealthy.length > 0),
    ...(unreported === 0 ? [] : [statusPart("quiet", `${unreported} not reported`)]),
  ];
}

/**
 * Errors, then warnings. The customer's own status and codes are in the first part, so that a customer in error is shown
 * in error even if all its packages are healthy.
 */
function problemParts(customer: Customer, items: readonly Item[], limits: LineLimits): readonly StatusPart[] {
  const bad = items.filter(({ tone }) => tone === "bad");
  const warned = items.filter(hasWarnings);
  const own = customerTone(customer.status);
  const isExplained = customer.status === "provisioned_with_errors" && bad.length > 0;
  const heads = [
    ...(own === "bad" || bad.length > 0 ? [{ tone: "bad", word: "Error", items: itemList(bad, limits) } as const] : []),
    ...(own === "warning" && !isExplained
      ? [{ tone: "warning", word: statusWord(customer.status), items: "" } as const]
      : []),
  ];
  const needsWarning = warned.length > 0 || (heads.length === 0 && customer.problems.length > 0);
  const warning = { tone: "warning", word: "Warning", items: itemList(warned, limits) } as const;
  const codes = codesInBrackets(withoutRepeatedCodes(customer.problems, [...bad, ...warned]), limits.codes);
  return [...heads, ...(needsWarning ? [warning] : [])].map(({ tone, word, items: names }, i) => {
    const own = i === 0 ? codes : "";
    if (tone === "bad" && limits.omitsError) return statusPart(tone, word, withoutWord(own, names));
    return statusPart(tone, word, `${word}${own}${afterColon(names)}`);
  });
}

/** `Calling (2560)`, `Customer (10022)`, `Customer (10022), Calling (2560)` */
function withoutWord(ownCodes: string, names: string): string {
  const customer = ownCodes !== "" || names === "" ? `Customer${ownCodes}` : "";
  return joinNonEmpty([customer, names], ", ");
}

const afterColon = (names: string): string => (names === "" ? "" : `: ${names}`);

/** Items in progress, one part for each status; the customer's own status too, even if no package has it. */
function movingParts(customer: Customer, items: readonly Item[], limits: LineLimits): readonly StatusPart[] {
  const moving = items.filter(({ tone }) => tone === "moving");
  const own = customerTone(customer.status) === "moving" ? [statusWord(customer.status)] : [];
  const words = new Set([...own, ...moving.map(({ status }) => statusWord(status))]);
  return [...words].map((word) => {
    const these = moving.filter(({ status }) => statusWord(status) === word);
    return statusPart("moving", word, `${word}${afterColon(itemList(these, limits))}`);
  });
}

function movingCounts(items: readonly Item[]): readonly StatusPart[] {
  const words = items.filter(({ tone }) => tone === "moving").map(({ status }) => statusWord(status));
  return [...new Set(words)].map((word) => {
    const count = words.filter((other) => other === word).length;
    return statusPart("moving", `${count} ${word.toLowerCase()}`);
  });
}

/** Healthy packages are counted; healthy add-ons are left out. */
function goodParts(customer: Customer, items: readonly Item[], isUnhealthy: boolean): readonly StatusPart[] {
  const good = items.filter((item) => item.tone === "good" && !item.isAddOn && !hasWarnings(item)).length;
  const isAll = good === customer.packages.length && !isUnhealthy;
  if (good > 0) return [statusPart("good", "Provisioned", isAll ? allProvisioned(good) : `${good} OK`)];
  if (isUnhealthy || customerTone(customer.status) !== "good") return [];
  return [
    statusPart("good", "Provisioned"),
    ...(customer.packages.length === 0 ? [statusPart("quiet", "No packages")] : []),
  ];
}

function allProvisioned(count: number): string {
  return count === 1 ? "1 package provisioned" : `All ${count} packages provisioned`;
}

/** `Calling (2560), Meetings and 3 more`; codes that several share come once: `Calling, Suite (92104); Voice (2560)`. */
function itemList(items: readonly Item[], limits: LineLimits): string {
  const codesOf = ({ problems }: Item) => codesInBrackets(problems, limits.codes);
  const { shown, more } = takeFirst(items, limits.names);
  const groups = [...new Set(shown.map(codesOf))].map((codes) => ({
    codes,
    names: shown.filter((item) => codesOf(item) === codes).map(({ name }) => name),
  }));
  const glue = groups.some(({ names }) => names.length > 1) ? "; " : ", ";
  const rest = more === 0 ? "" : ` and ${more} more`;
  const [only] = groups;
  if (only !== undefined && items.every((item) => codesOf(item) === only.codes))
    return `${only.names.join(", ")}${rest}${only.codes}`;
  return `${groups.map(({ names, codes }) => `${names.join(", ")}${codes}`).join(glue)}${rest}`;
}

/** The customer's own problems, without those whose code is shown with a package. */
function withoutRepeatedCodes(problems: readonly Problem[], items: readonly Item[]): readonly Problem[] {
  const shown = new Set(items.flatMap((item) => problemCodes(item.problems)));
  return problems.filter(({ code }) => code === undefined || !shown.has(String(code)));
}
