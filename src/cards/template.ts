import { Failure } from "../errors.ts";
import { isObject, type JsonObject } from "./json.ts";

/**
 * Card templates in a strict subset of the official Adaptive Card template language, so that they open in the Designer:
 * `${path.to.value}`, `$index`, `$root.x`, and on the members of a list `$data: "${list}"` and `$when: "${flag}"` or `"${!flag}"`.
 * There are no functions: words, colours and plurals are decided in code. Where the official engine shows `${name}` to people,
 * this one fails, and says where. Data is filled in once: a `${…}` inside it stays what it is, text.
 */
export type Template = (data: object) => JsonObject;

/** Where in the template something stands, and whether a list is being repeated around it. */
interface Place {
  readonly path: string;
  readonly repeated: boolean;
}

/** What the placeholders of one place see; `at` is the way to `data`, for messages. */
interface Scope {
  readonly data: unknown;
  readonly root: unknown;
  readonly index: number;
  readonly at: string;
}

type Fill = (scope: Scope) => unknown;

const PLACEHOLDER = /\$\{([^{}]*)\}/;
const PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
/** The official language reads these as constants. */
const RESERVED = new Set(["true", "false", "null", "undefined"]);

/** @param file where the template comes from; every message begins with it */
export function compile(file: string, template: unknown): Template {
  const place = { path: `${file}: card`, repeated: false };
  if (!isObject(template)) return fault(place, "is not a JSON object");
  const fill = compileObject(template, place);
  return (data) => fill({ data, root: data, index: 0, at: "" });
}

function compileValue(value: unknown, place: Place): Fill {
  if (typeof value === "string") return compileText(value, place);
  if (Array.isArray(value)) return compileList(value, place);
  if (isObject(value)) return compileObject(value, place);
  return () => value;
}

function compileObject(object: JsonObject, place: Place): (scope: Scope) => JsonObject {
  const fills = Object.entries(object).map(([key, value]): [string, Fill] => {
    if (key === "$data" || key === "$when")
      return fault(place, `"${key}" works on the members of a list only`);
    if (key.includes("$") && key !== "$schema") return fault(place, `"${key}" is not a key of this language`);
    return [key, compileValue(value, { ...place, path: `${place.path}.${key}` })];
  });
  return (scope) => Object.fromEntries(fills.map(([key, fill]) => [key, fill(scope)]));
}

function compileList(list: readonly unknown[], place: Place): Fill {
  const members = list.map((member, i) => compileMember(member, { ...place, path: `${place.path}[${i}]` }));
  return (scope) => members.flatMap((fill) => fill(scope));
}

/** A member of a list yields nothing, itself, or one of itself for each item of its `$data`. */
function compileMember(member: unknown, place: Place): (scope: Scope) => readonly unknown[] {
  if (!isObject(member)) {
    const fill = compileValue(member, place);
    return (scope) => [fill(scope)];
  }
  const { $data, $when, ...rest } = member;
  const scopes = $data === undefined ? (scope: Scope) => [scope] : compileRepeat($data, place);
  const inside = { ...place, repeated: place.repeated || $data !== undefined };
  const isWanted = $when === undefined ? () => true : compileWhen($when, inside);
  const fill = compileObject(rest, inside);
  return (scope) => scopes(scope).filter(isWanted).map(fill);
}

function compileRepeat(binding: unknown, place: Place): (scope: Scope) => readonly Scope[] {
  const here = { ...place, path: `${place.path}.$data` };
  const path = wholeOf(binding) ?? fault(here, `must be one placeholder, such as "\${rows}"`);
  const read = compilePath(path, here);
  return (scope) => {
    const list = read(scope);
    if (!Array.isArray(list)) return fault(here, `${nameOf(path, scope)} is not a list`);
    const at = nameOf(path, scope);
    return list.map((data, index) => ({ data, root: scope.root, index, at: `${at}[${index}]` }));
  };
}

function compileWhen(binding: unknown, place: Place): (scope: Scope) => boolean {
  const here = { ...place, path: `${place.path}.$when` };
  const whole = wholeOf(binding) ?? fault(here, `must be one placeholder, such as "\${flag}" or "\${!flag}"`);
  const wanted = !whole.startsWith("!");
  const path = wanted ? whole : whole.slice(1);
  const read = compilePath(path, here);
  return (scope) => {
    const flag = read(scope);
    if (typeof flag !== "boolean") return fault(here, `${nameOf(path, scope)} is not true or false`);
    return flag === wanted;
  };
}

/** A text that is one placeholder keeps the type of its value; within other text, the value becomes text. */
function compileText(text: string, place: Place): Fill {
  const whole = wholeOf(text);
  if (whole !== undefined) return compilePath(whole, place);
  const pieces = text.split(PLACEHOLDER).map((piece, i, all): ((scope: Scope) => string) => {
    if (i % 2 === 1) return compileInText(piece, place);
    if (piece.includes("${")) return fault(place, `"${text}" has a "\${" that is not closed`);
    if (piece.endsWith("\\") && i < all.length - 1)
      return fault(place, `"${text}" has a backslash before "\${"`);
    return () => piece;
  });
  return (scope) => pieces.map((piece) => piece(scope)).join("");
}

function compileInText(path: string, place: Place): (scope: Scope) => string {
  const read = compilePath(path, place);
  return (scope) => {
    const value = read(scope);
    if (typeof value === "object")
      return fault(place, `${nameOf(path, scope)} is a list or an object within text`);
    return String(value);
  };
}

function compilePath(path: string, place: Place): Fill {
  if (path === "$index") {
    return place.repeated ? (scope) => scope.index : fault(place, `"$index" has no "$data" around it`);
  }
  const names = path.replace(/^\$root\./, "");
  if (!PATH.test(names) || RESERVED.has(names)) return fault(place, `"\${${path}}" is not a path to a value`);
  return (scope) =>
    lookUp(path.startsWith("$root.") ? scope.root : scope.data, names.split(".")) ?? missing(scope);

  function missing(scope: Scope): never {
    return fault(place, `${nameOf(path, scope)} is missing`);
  }
}

/** Own properties only: `constructor` is not data. */
function lookUp(from: unknown, names: readonly string[]): unknown {
  return names.reduce(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    from,
  );
}

/** `a.b` when the text is exactly `${a.b}`. */
function wholeOf(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const pieces = text.split(PLACEHOLDER);
  return pieces.length === 3 && pieces[0] === "" && pieces[2] === "" ? pieces[1] : undefined;
}

function nameOf(path: string, scope: Scope): string {
  return path.startsWith("$") || scope.at === "" ? path : `${scope.at}.${path}`;
}

function fault(place: Place, what: string): never {
  throw new Failure(
    "cards.template",
    `${place.path}: ${what}.`,
    "Correct the card: it opens in the Adaptive Cards Designer, with the .data.json file beside it as its data.",
  );
}
