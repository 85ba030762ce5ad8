import { Failure } from "../errors.ts";
import { isObject, type JsonObject } from "./json.ts";

/**
 * Card templates in a strict subset of the official Adaptive Card template language, so that they open in the Designer:
 * `${path.to.value}`, `$index`, `$root.x`, and on the members of a list `$data: "${list}"` and `$when: "${flag}"` or `"${!flag}"`.
 * There are no functions: the code chooses words, colours and plurals. A missing value is a Failure with its path, where the
 * official engine would show `${name}`. Data is filled in once, so a `${…}` inside a value stays text.
 */
export type Template = (data: object) => JsonObject;

/** A position in the template, and whether a `$data` list repeats it. */
interface TemplatePlace {
  readonly path: string;
  readonly repeated: boolean;
}

/** The data that placeholders are read from; `at` is the path of `data`, for messages. */
interface DataScope {
  readonly data: unknown;
  readonly root: unknown;
  readonly index: number;
  readonly at: string;
}

type Fill = (scope: DataScope) => unknown;

const PLACEHOLDER = /\$\{([^{}]*)\}/;
const PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
/** Constants of the official language. */
const RESERVED = new Set(["true", "false", "null", "undefined"]);

/** @param file the name of the template's file, for messages */
export function compile(file: string, template: unknown): Template {
  const place = { path: `${file}: card`, repeated: false };
  if (!isObject(template)) return throwFault(place, "is not a JSON object");
  const fill = compileObject(template, place);
  return (data) => fill({ data, root: data, index: 0, at: "" });
}

function compileValue(value: unknown, place: TemplatePlace): Fill {
  if (typeof value === "string") return compileText(value, place);
  if (Array.isArray(value)) return compileList(value, place);
  if (isObject(value)) return compileObject(value, place);
  return () => value;
}

function compileObject(object: JsonObject, place: TemplatePlace): (scope: DataScope) => JsonObject {
  const fills = Object.entries(object).map(([key, value]): [string, Fill] => {
    if (key === "$data" || key === "$when") return throwFault(place, `"${key}" works on the members of a list only`);
    if (key.includes("$") && key !== "$schema") return throwFault(place, `"${key}" is not a key of this language`);
    return [key, compileValue(value, { ...place, path: `${place.path}.${key}` })];
  });
  return (scope) => {
    const filled: Record<string, unknown> = {};
    for (const [key, fill] of fills) filled[key] = fill(scope);
    return filled;
  };
}

function compileList(list: readonly unknown[], place: TemplatePlace): Fill {
  const members = list.map((member, i) => compileMember(member, { ...place, path: `${place.path}[${i}]` }));
  return (scope) => members.flatMap((fill) => fill(scope));
}

/** A member gives no element, one, or one for each item of its `$data`. */
function compileMember(member: unknown, place: TemplatePlace): (scope: DataScope) => readonly unknown[] {
  if (!isObject(member)) {
    const fill = compileValue(member, place);
    return (scope) => [fill(scope)];
  }
  const { $data, $when, ...rest } = member;
  const scopes = $data === undefined ? (scope: DataScope) => [scope] : compileRepeat($data, place);
  const inside = { ...place, repeated: place.repeated || $data !== undefined };
  const isShown = $when === undefined ? () => true : compileWhen($when, inside);
  const fill = compileObject(rest, inside);
  return (scope) => scopes(scope).filter(isShown).map(fill);
}

function compileRepeat(binding: unknown, place: TemplatePlace): (scope: DataScope) => readonly DataScope[] {
  const here = { ...place, path: `${place.path}.$data` };
  const path = solePlaceholder(binding) ?? throwFault(here, `must be one placeholder, such as "\${rows}"`);
  const read = compilePath(path, here);
  return (scope) => {
    const list = read(scope);
    if (!Array.isArray(list)) return throwFault(here, `${fullPath(path, scope)} is not a list`);
    const at = fullPath(path, scope);
    return list.map((data, index) => ({ data, root: scope.root, index, at: `${at}[${index}]` }));
  };
}

function compileWhen(binding: unknown, place: TemplatePlace): (scope: DataScope) => boolean {
  const here = { ...place, path: `${place.path}.$when` };
  const whole =
    solePlaceholder(binding) ?? throwFault(here, `must be one placeholder, such as "\${flag}" or "\${!flag}"`);
  const wanted = !whole.startsWith("!");
  const path = wanted ? whole : whole.slice(1);
  const read = compilePath(path, here);
  return (scope) => {
    const flag = read(scope);
    if (typeof flag !== "boolean") return throwFault(here, `${fullPath(path, scope)} is not true or false`);
    return flag === wanted;
  };
}

/** A text that is exactly one placeholder keeps the type of the value; otherwise values become text. */
function compileText(text: string, place: TemplatePlace): Fill {
  const whole = solePlaceholder(text);
  if (whole !== undefined) return compilePath(whole, place);
  const pieces = text.split(PLACEHOLDER).map((piece, i, all): ((scope: DataScope) => string) => {
    if (i % 2 === 1) return compileInText(piece, place);
    if (piece.includes("${")) return throwFault(place, `"${text}" has a "\${" that is not closed`);
    if (piece.endsWith("\\") && i < all.length - 1) return throwFault(place, `"${text}" has a backslash before "\${"`);
    return () => piece;
  });
  return (scope) => pieces.map((piece) => piece(scope)).join("");
}

function compileInText(path: string, place: TemplatePlace): (scope: DataScope) => string {
  const read = compilePath(path, place);
  return (scope) => {
    const value = read(scope);
    if (typeof value === "object")
      return throwFault(place, `${fullPath(path, scope)} is a list or an object within text`);
    return String(value);
  };
}

function compilePath(path: string, place: TemplatePlace): Fill {
  if (path === "$index") {
    return place.repeated ? (scope) => scope.index : throwFault(place, `"$index" has no "$data" around it`);
  }
  const isOfRoot = path.startsWith("$root.");
  const joined = isOfRoot ? path.slice("$root.".length) : path;
  if (!PATH.test(joined) || RESERVED.has(joined)) return throwFault(place, `"\${${path}}" is not a path to a value`);
  const names = joined.split(".");
  return (scope) => readPath(isOfRoot ? scope.root : scope.data, names) ?? missing(scope);

  function missing(scope: DataScope): never {
    return throwFault(place, `${fullPath(path, scope)} is missing`);
  }
}

/** Reads own properties only, so that `constructor` is missing. */
function readPath(from: unknown, names: readonly string[]): unknown {
  return names.reduce((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), from);
}

/** `a.b` if the text is exactly `${a.b}`. */
function solePlaceholder(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const pieces = text.split(PLACEHOLDER);
  return pieces.length === 3 && pieces[0] === "" && pieces[2] === "" ? pieces[1] : undefined;
}

function fullPath(path: string, scope: DataScope): string {
  return path.startsWith("$") || scope.at === "" ? path : `${scope.at}.${path}`;
}

function throwFault(place: TemplatePlace, fault: string): never {
  throw new Failure(
    "cards.template",
    `${place.path}: ${fault}.`,
    "Correct the card: it opens in the Adaptive Cards Designer, with the .data.json file beside it as its data.",
  );
}
