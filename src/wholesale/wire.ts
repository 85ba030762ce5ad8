import { z } from "zod";
import { type Address, type Customer, type Package, type Problem, UNREPORTED } from "../domain/customers/customer.ts";
import { Failure } from "../errors.ts";

/** A field that is words or nothing: whatever else stands there does not spoil the row. */
export const text = z.union([z.string(), z.number()]).nullish().catch(null);
/** A field that is looked at by hand. */
export const unparsed = z.unknown().optional();
const problem = z.object({ errorCode: unparsed, description: text });

/** The door: only the fields we use, and of those only `id` and `status` must be there (API page, Response Properties). */
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
  id: z.string().min(1),
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

export interface ReadCustomers {
  readonly customers: readonly Customer[];
  /** Rows among those looked at that could not be read. */
  readonly unreadable: number;
  /** How many rows the page had in all. */
  readonly rows: number;
}

/**
 * A page of customers. Throws a `Failure` when it is no such page.
 * @param most how many rows to look at; those behind are only counted in `rows`
 */
export function readCustomers(json: unknown, most = Number.POSITIVE_INFINITY): ReadCustomers {
  const parsed = page.safeParse(json);
  if (!parsed.success) throw unexpectedAnswer("a list of customers", parsed.error);
  const { items } = parsed.data;
  const looked = items.slice(0, most);
  const customers = looked.flatMap((item) => customerOf(item) ?? []);
  return { customers, unreadable: looked.length - customers.length, rows: items.length };
}

/** One customer. Throws a `Failure` when it is none. */
export function readCustomer(json: unknown): Customer {
  const read = customerOf(json);
  if (read === undefined) throw unexpectedAnswer("a customer");
  return read;
}

/** What the API says about a call that it refused; empty when the body is of another kind, such as HTML. */
export interface ErrorBody {
  readonly text?: string;
  readonly code?: number;
  readonly trackingId?: string;
}

/** The code stands in the body itself or in its first `errors` entry. */
export function readErrorBody(json: unknown): ErrorBody {
  const parsed = errorBody.safeParse(json);
  if (!parsed.success) return {};
  const { message, trackingId, errorCode, errors } = parsed.data;
  const told = problemsOf({ errors });
  const reason = told.find((one) => one.text !== "")?.text ?? textOf(message);
  const code = codeOf(errorCode) ?? told.find((one) => one.code !== undefined)?.code;
  return {
    ...present({ text: reason?.slice(0, 300), trackingId }),
    ...(code !== undefined && { code }),
  };
}

/** What to throw when the API answered with something else. */
export function unexpectedAnswer(wanted: string, cause?: unknown): Failure {
  const fix = "Check WHOLESALE_API_URL; if it is right, the API has changed and this bot needs an update.";
  return new Failure("wholesale.unexpected", `Webex answered with something that is not ${wanted}.`, fix, {
    cause,
  });
}

function customerOf(json: unknown): Customer | undefined {
  const parsed = customer.safeParse(json);
  if (!parsed.success) return undefined;
  const { id, status, orgId, externalId, address, packages, resourceDetails, errors, warnings } = parsed.data;
  const named = [...resourcesOf(packages), ...resourcesOf(resourceDetails?.packages)];
  return {
    id,
    ...present({ orgId, externalId }),
    address: addressOf(address ?? {}),
    status,
    packages: [...new Map(named).values()],
    addOns: [...new Map(resourcesOf(resourceDetails?.addOns)).values()],
    problems: problemsOf({ errors, warnings }),
  };
}

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

/** Packages and add-ons by name, from details or from bare names: in a Map, later ones win and first ones give the order. */
function resourcesOf(list: readonly unknown[] | null | undefined): readonly (readonly [string, Package])[] {
  return (list ?? []).flatMap((item) => {
    const parsed = resource.safeParse(typeof item === "string" ? { name: item } : item);
    if (!parsed.success) return [];
    const { name, status, errors, warnings } = parsed.data;
    return [[name, { name, status: textOf(status) ?? UNREPORTED, problems: problemsOf({ errors, warnings }) }]];
  });
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(fields).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(texts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Errors first, then warnings. */
export function problemsOf(lists: { readonly errors?: unknown; readonly warnings?: unknown }): readonly Problem[] {
  return [...problemsAt("error", lists.errors), ...problemsAt("warning", lists.warnings)];
}

/** One without a list around it counts too. */
function problemsAt(level: Problem["level"], list: unknown): readonly Problem[] {
  return (Array.isArray(list) ? list : [list]).flatMap((item) => {
    const parsed = problem.safeParse(typeof item === "string" ? { description: item } : item);
    if (!parsed.success) return [];
    const code = codeOf(parsed.data.errorCode);
    const words = textOf(parsed.data.description) ?? (code === undefined ? textOf(parsed.data.errorCode) : "");
    if (words === undefined) return [];
    return [{ level, ...(code !== undefined && { code }), text: words }];
  });
}

/** A number, or its digits in a string; the API's own examples have stray quotes around some. */
export function codeOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const digits = typeof value === "string" ? /^[\s"']*(\d{1,15})[\s"']*$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** Null and blank count as absent. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
