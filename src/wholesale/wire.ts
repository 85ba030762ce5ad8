import { z } from "zod";
import { type Address, type Customer, type Package, type Problem, UNREPORTED } from "../domain/customers/customer.ts";
import { foreignText, isStorable } from "../domain/foreign-text.ts";
import type { Licenses } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

/** A text or nothing. Any other value counts as nothing and does not make the row unreadable. */
export const text = z.union([z.string(), z.number()]).nullish().catch(null);
/** Ids are compared as they are. With a character replaced that no database can store, one would be another's. */
export const id = z.string().min(1).refine(isStorable);
/** A field that is parsed by code below. */
export const unparsed = z.unknown().optional();
const problem = z.object({ errorCode: unparsed, description: text });

/** Only the fields that are used. Of these only `id` and `status` are mandatory (API page, Response Properties). */
const rows = z.array(z.unknown()).nullish();
const postalAddress = z.object({
  addressLine1: text,
  addressLine2: text,
  city: text,
  stateOrProvince: text,
  zipOrPostalCode: text,
  country: text,
});
const customer = z.object({
  id,
  status: z.string().min(1),
  orgId: text,
  externalId: text,
  address: postalAddress.nullish().catch(null),
  packages: rows,
  resourceDetails: z.object({ packages: rows, addOns: rows }).nullish(),
  errors: unparsed,
  warnings: unparsed,
});
const resource = z.object({
  name: z.string().min(1),
  status: text,
  errors: unparsed,
  warnings: unparsed,
});
const page = z.object({ items: z.array(z.unknown()) });
const errorBody = z.object({ message: text, trackingId: text, errorCode: unparsed, errors: unparsed });

export interface ReadPage<Row> {
  readonly customers: readonly Row[];
  /** Parsed rows that are not valid customers, or too large. */
  readonly unreadable: number;
  /** Why the first of them could not be read. */
  readonly failure?: Failure;
  readonly rows: number;
}

/**
 * Throws a `Failure` when this is not a page of customers.
 * @param most the number of rows to read; `rows` counts the others too
 */
export function readPage<Row>(json: unknown, most: number, read: (row: unknown) => Row | Failure): ReadPage<Row> {
  const parsed = page.safeParse(json);
  if (!parsed.success) throw unexpectedAnswer("a list of customers", parsed.error);
  const { items } = parsed.data;
  const all = items.slice(0, most).map(read);
  const customers = all.flatMap((one) => (one instanceof Failure ? [] : [one]));
  const failure = all.find((one) => one instanceof Failure);
  const unreadable = all.length - customers.length;
  return { customers, unreadable, rows: items.length, ...(failure && { failure }) };
}

/** A page whose rows are all parsed. Throws like `readPage`. */
export const readCustomers = (json: unknown, most = Number.POSITIVE_INFINITY): ReadPage<Customer> =>
  readPage(json, most, parseCustomer);

/** Throws a `Failure` when this is not a customer, or too large. */
export function readCustomer(json: unknown): Customer {
  const found = parseCustomer(json);
  if (found instanceof Failure) throw found;
  return found;
}

const licensed = z.object({
  resourceDetails: z.object({ packages: z.array(z.unknown()) }),
});
const licensedPackage = z.object({ name: z.string().min(1), licenseIds: z.array(z.unknown()) });

/** The licence ids of the packages, from a customer that was asked for with them; empty where there are none. */
export function readLicenses(json: unknown): Licenses {
  const parsed = licensed.safeParse(json);
  const packages = parsed.success ? parsed.data.resourceDetails.packages.slice(0, MAX_ITEMS) : [];
  return packages.flatMap((one) => {
    const { data } = licensedPackage.safeParse(one);
    const ids = data?.licenseIds.slice(0, MAX_PROBLEMS).flatMap((id) => textOf(id) ?? []) ?? [];
    return data === undefined || ids.length === 0 ? [] : [{ package: foreignText(data.name), ids }];
  });
}

/** The body of an error answer; empty when it is not JSON of this form. */
export interface ErrorBody {
  readonly text?: string;
  readonly code?: number;
  readonly trackingId?: string;
}

/** The code is in the body itself or in an entry of `errors`. */
export function readErrorBody(json: unknown): ErrorBody {
  const parsed = errorBody.safeParse(json);
  if (!parsed.success) return {};
  const { message, trackingId, errorCode, errors } = parsed.data;
  const listed = problemsOf({ errors });
  const reason = listed.find((one) => one.text !== "")?.text ?? textOf(message);
  const code = codeOf(errorCode) ?? listed.find((one) => one.code !== undefined)?.code;
  return {
    ...present({ text: reason?.slice(0, 300), trackingId }),
    ...(code !== undefined && { code }),
  };
}

/** The failure for a success status with an unexpected body. */
export function unexpectedAnswer(wanted: string, cause?: unknown): Failure {
  const hint = "Check WHOLESALE_API_URL; if it is right, the API has changed and this bot needs an update.";
  return new Failure("wholesale.unexpected", `Webex answered with something that is not ${wanted}.`, hint, {
    cause,
  });
}

/** The limits of one row. Real ones have a tenth of it; a hundred times as much would keep the process busy for minutes. */
const MAX_ITEMS = 200;
const MAX_PROBLEMS = 20;
const MAX_ID_LENGTH = 512;
const MAX_TEXT_LENGTH = 500;

/** Returns a `Failure` when this is not a customer, or too large. */
export function parseCustomer(json: unknown): Customer | Failure {
  const parsed = customer.safeParse(json);
  if (!parsed.success) return unexpectedAnswer("a customer");
  const excess = excessOf(parsed.data);
  if (excess !== undefined) return tooLarge(excess);
  const { id, status, orgId, externalId, address, packages, resourceDetails, errors, warnings } = parsed.data;
  const named = [...resourcesOf(packages), ...resourcesOf(resourceDetails?.packages)];
  const addOns = resourcesOf(resourceDetails?.addOns);
  const longest = Math.max(0, ...[...named, ...addOns].map(([name]) => name.length));
  if (longest > MAX_ID_LENGTH) return tooLarge(`a name of ${formatNumber(longest)} characters`);
  return {
    id,
    ...present({ orgId, externalId }),
    address: addressOf(address ?? {}),
    status: kept(status),
    packages: [...new Map(named).values()],
    addOns: [...new Map(addOns).values()],
    problems: problemsOf({ errors, warnings }),
  };
}

/** The part of a row that is over a limit. It is not cut: with some of the packages, the others would look as if they were removed. */
function excessOf({ id, packages, resourceDetails }: z.infer<typeof customer>): string | undefined {
  if (id.length > MAX_ID_LENGTH) return `an id of ${formatNumber(id.length)} characters`;
  const lists = [packages, resourceDetails?.packages, resourceDetails?.addOns].map((list) => list ?? []);
  const [bare = 0, detailed = 0, addOns = 0] = lists.map(({ length }) => length);
  const items = Math.max(bare, detailed) + addOns;
  return items > MAX_ITEMS ? `${formatNumber(items)} packages and add-ons` : undefined;
}

function tooLarge(what: string): Failure {
  const hint = "Open the customer in Partner Hub; if it looks right there, report this to Webex.";
  return new Failure("wholesale.too_large", `Webex sent a customer with ${what}, more than the bot reads.`, hint);
}

const formatNumber = (number: number): string => number.toLocaleString("en-US");

function addressOf(address: Partial<z.infer<typeof postalAddress>>): Address {
  return present({
    line1: address.addressLine1,
    line2: address.addressLine2,
    city: address.city,
    state: address.stateOrProvince,
    zip: address.zipOrPostalCode,
    country: address.country,
  });
}

/** Packages or add-ons by name, from objects or from bare names. In a Map, the last one counts and the first gives the order. */
function resourcesOf(list: readonly unknown[] | null | undefined): readonly (readonly [string, Package])[] {
  return (list ?? []).flatMap((item) => {
    const parsed = resource.safeParse(typeof item === "string" ? { name: item } : item);
    if (!parsed.success) return [];
    const { name, status, errors, warnings } = parsed.data;
    const one = { name: foreignText(name), status: textOf(status) ?? UNREPORTED };
    return [[one.name, { ...one, problems: problemsOf({ errors, warnings }) }]];
  });
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(fields).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(texts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Errors first, then warnings. In place of those above the limit stands one that counts them. */
export function problemsOf(lists: { readonly errors?: unknown; readonly warnings?: unknown }): readonly Problem[] {
  const all = [...problemsAt("error", lists.errors), ...problemsAt("warning", lists.warnings)];
  const [next] = all.slice(MAX_PROBLEMS);
  if (next === undefined) return all;
  const rest = `${formatNumber(all.length - MAX_PROBLEMS)} more errors and warnings are not shown.`;
  return [...all.slice(0, MAX_PROBLEMS), { level: next.level, text: rest }];
}

/** A single problem without a list is accepted too. */
function problemsAt(level: Problem["level"], list: unknown): readonly Problem[] {
  return (Array.isArray(list) ? list : [list]).flatMap((item) => {
    const parsed = problem.safeParse(typeof item === "string" ? { description: item } : item);
    if (!parsed.success) return [];
    const code = codeOf(parsed.data.errorCode);
    const message = textOf(parsed.data.description) ?? (code === undefined ? textOf(parsed.data.errorCode) : "");
    if (message === undefined) return [];
    return [{ level, ...(code !== undefined && { code }), text: message }];
  });
}

/** A number, or its digits in a string; some examples of the API have extra quotes around them. */
export function codeOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const digits = typeof value === "string" ? /^[\s"']*(\d{1,15})[\s"']*$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** Null and blank texts count as absent; the others are `kept`. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? kept(value) : undefined;
}

/** A text that any database can store. A long one is cut, but not through a character. */
function kept(value: string): string {
  if (value.length <= MAX_TEXT_LENGTH) return foreignText(value);
  return `${foreignText(value.slice(0, MAX_TEXT_LENGTH - 1).replace(/\p{Cs}$/u, ""))}…`;
}
