import { isObject, type JsonObject } from "./json.ts";
import { type Check, KINDS, SHAPES, UNTYPED } from "./profile.ts";

/** A node of a card that the profile knows, with everything it stands in, outermost first. */
export interface Node {
  readonly type: string;
  readonly path: string;
  readonly value: JsonObject;
  readonly above: readonly Node[];
  /** The property of its parent that holds it, such as `items`, `actions` or `selectAction`. */
  readonly held: string;
}

export interface Survey {
  readonly nodes: readonly Node[];
  readonly faults: readonly string[];
}

/** Where a node stands and what kind of node is asked for there. */
interface Seat {
  readonly kind: string;
  readonly path: string;
  readonly above: readonly Node[];
  readonly held: string;
}

const NOTHING: Survey = { nodes: [], faults: [] };
const NODES = /^(\[|\{)(\w+)/;

const VALUES: Readonly<Record<string, { readonly holds: (value: unknown) => boolean; readonly be: string }>> =
  {
    name: { holds: isText, be: "a name" },
    id: { holds: (value) => isText(value) && value.trim() !== "", be: "a text that is not empty" },
    text: { holds: isText, be: "a text" },
    string: { holds: isText, be: "a text" },
    boolean: { holds: (value) => typeof value === "boolean", be: "true or false" },
    number: { holds: (value) => Number.isFinite(value), be: "a number" },
    count: { holds: (value) => Number.isInteger(value) && Number(value) > 0, be: "a whole number above 0" },
    object: { holds: isObject, be: "an object" },
    pixels: { holds: (value) => isText(value) && /^\d+px$/.test(value), be: `pixels, such as "40px"` },
    size: {
      holds: (value) => isText(value) && /^(\d+px|auto|stretch)$/.test(value),
      be: `"auto", "stretch" or "40px"`,
    },
    width: { holds: isWidth, be: `"auto", "stretch", a number or "40px"` },
    https: { holds: (value) => isText(value) && /^https:\/\/[^\s/]/.test(value), be: "an https address" },
  };

/** Compares a node and all below it with the profile, and lists the nodes for rules that look further. */
export function survey(value: unknown, seat: Seat): Survey {
  if (!isObject(value)) return { ...NOTHING, faults: [`${seat.path}: must be an object`] };
  const type = UNTYPED.has(seat.kind) ? seat.kind : value.type;
  const allowed = UNTYPED.has(seat.kind) ? [seat.kind] : (KINDS[seat.kind] ?? []);
  if (typeof type !== "string" || !allowed.includes(type)) {
    const faults = [`${seat.path}: Webex draws no ${seat.kind} of type ${JSON.stringify(type) ?? "(none)"}`];
    return { ...NOTHING, faults };
  }
  const node = { type, path: seat.path, value, above: seat.above, held: seat.held };
  const below = Object.keys(value).map((key) => surveyProperty(node, key));
  return {
    nodes: [node, ...below.flatMap(({ nodes }) => nodes)],
    faults: [...missing(node), ...below.flatMap(({ faults }) => faults)],
  };
}

function missing({ type, path, value }: Node): readonly string[] {
  return Object.entries(SHAPES[type] ?? {})
    .filter(([key, check]) => isRequired(check) && value[key] === undefined)
    .map(([key]) => `${path}: ${type} needs "${key}"`);
}

function surveyProperty(node: Node, key: string): Survey {
  const path = `${node.path}.${key}`;
  const value = node.value[key];
  const shape = SHAPES[node.type] ?? {};
  const check = Object.hasOwn(shape, key) ? shape[key] : undefined;
  if (check === undefined) {
    return {
      ...NOTHING,
      faults: [`${path}: ${node.type} has no "${key}" that Webex follows in version 1.3`],
    };
  }
  if (typeof check !== "string") return { ...NOTHING, faults: wordFaults(value, check, path) };
  const [, bracket, kind] = NODES.exec(check) ?? [];
  if (bracket === undefined || kind === undefined)
    return { ...NOTHING, faults: valueFaults(value, check, path) };
  const seat = { kind, above: [...node.above, node], held: key };
  if (bracket === "{") return survey(value, { ...seat, path });
  if (!Array.isArray(value)) return { ...NOTHING, faults: [`${path}: must be a list`] };
  const members = value.map((member, i) => survey(member, { ...seat, path: `${path}[${i}]` }));
  return { nodes: members.flatMap(({ nodes }) => nodes), faults: members.flatMap(({ faults }) => faults) };
}

function wordFaults(value: unknown, words: readonly string[], path: string): readonly string[] {
  const isKnown = typeof value === "string" && words.includes(value);
  return isKnown ? [] : [`${path}: ${JSON.stringify(value)} is none of ${words.join(", ")}`];
}

function valueFaults(value: unknown, check: string, path: string): readonly string[] {
  const rule = VALUES[check.replace("!", "")];
  return rule === undefined || rule.holds(value) ? [] : [`${path}: must be ${rule.be}`];
}

function isRequired(check: Check): boolean {
  return typeof check === "string" && check.endsWith("!");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWidth(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value > 0;
  return isText(value) && /^(auto|stretch|\d+(\.\d+)?|\d+px)$/.test(value);
}
