import { isObject, type JsonObject } from "../json.ts";

/** A node of a card whose type is in the schema; `ancestors` are outermost first. */
export interface CardNode {
  readonly type: string;
  readonly path: string;
  readonly value: JsonObject;
  readonly ancestors: readonly CardNode[];
  /** The property of its parent that holds it, such as `items`, `actions` or `selectAction`. */
  readonly property: string;
}

export interface Validation {
  readonly nodes: readonly CardNode[];
  readonly faults: readonly string[];
}

/** The position of a node, and the kind of node that the schema wants there. */
interface NodePosition {
  readonly kind: string;
  readonly path: string;
  readonly ancestors: readonly CardNode[];
  readonly property: string;
}

const EMPTY: Validation = { nodes: [], faults: [] };
const NODE_PATTERN = /^(\[|\{)(\w+)/;

/** Checks a node and all nodes below it against the schema, and lists them for further rules. */
export function validate(value: unknown, position: NodePosition): Validation {
  if (!isObject(value)) return { ...EMPTY, faults: [`${position.path}: must be an object`] };
  const type = UNTYPED.has(position.kind) ? position.kind : value.type;
  const allowed = UNTYPED.has(position.kind) ? [position.kind] : (TYPES_BY_KIND[position.kind] ?? []);
  if (typeof type !== "string" || !allowed.includes(type)) {
    const faults = [`${position.path}: Webex draws no ${position.kind} of type ${JSON.stringify(type) ?? "(none)"}`];
    return { ...EMPTY, faults };
  }
  const node = { type, path: position.path, value, ancestors: position.ancestors, property: position.property };
  const below = Object.keys(value).map((key) => validateProperty(node, key));
  return {
    nodes: [node, ...below.flatMap(({ nodes }) => nodes)],
    faults: [...missingProperties(node), ...below.flatMap(({ faults }) => faults)],
  };
}

function missingProperties({ type, path, value }: CardNode): readonly string[] {
  return Object.entries(NODE_SCHEMAS[type] ?? {})
    .filter(([key, check]) => isRequired(check) && value[key] === undefined)
    .map(([key]) => `${path}: ${type} needs "${key}"`);
}

function validateProperty(node: CardNode, key: string): Validation {
  const path = `${node.path}.${key}`;
  const value = node.value[key];
  const schema = NODE_SCHEMAS[node.type] ?? {};
  const check = Object.hasOwn(schema, key) ? schema[key] : undefined;
  if (check === undefined) {
    return {
      ...EMPTY,
      faults: [`${path}: ${node.type} has no "${key}" that Webex supports in version 1.3`],
    };
  }
  if (typeof check !== "string") return { ...EMPTY, faults: wordFaults(value, check, path) };
  const [, bracket, kind] = NODE_PATTERN.exec(check) ?? [];
  if (bracket === undefined || kind === undefined) return { ...EMPTY, faults: valueFaults(value, check, path) };
  const position = { kind, ancestors: [...node.ancestors, node], property: key };
  if (bracket === "{") return validate(value, { ...position, path });
  if (!Array.isArray(value)) return { ...EMPTY, faults: [`${path}: must be a list`] };
  const members = value.map((member, i) => validate(member, { ...position, path: `${path}[${i}]` }));
  return { nodes: members.flatMap(({ nodes }) => nodes), faults: members.flatMap(({ faults }) => faults) };
}

function wordFaults(value: unknown, words: readonly string[], path: string): readonly string[] {
  const isKnown = typeof value === "string" && words.includes(value);
  return isKnown ? [] : [`${path}: ${JSON.stringify(value)} is none of ${words.join(", ")}`];
}

function valueFaults(value: unknown, check: string, path: string): readonly string[] {
  const rule = VALUE_TYPES[check.replace("!", "")];
  return rule === undefined || rule.holds(value) ? [] : [`${path}: must be ${rule.be}`];
}

const VALUE_TYPES: Readonly<Record<string, { readonly holds: (value: unknown) => boolean; readonly be: string }>> = {
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

function isRequired(check: PropertyType): boolean {
  return typeof check === "string" && check.endsWith("!");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWidth(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value > 0;
  return isText(value) && /^(auto|stretch|\d+(\.\d+)?|\d+px)$/.test(value);
}

/**
 * Adaptive Cards as Webex draws them: version 1.3 without what its clients ignore or draw differently.
 * A property that is not in this table is a fault, because Webex drops it silently.
 *
 * The type of a property is a kind of value, a list of allowed words, a list of nodes (`[kind]`) or one node (`{kind}`).
 * `!` marks a required property.
 */
type PropertyType = string | readonly string[];
type NodeSchema = Readonly<Record<string, PropertyType>>;

const SPACING = ["default", "none", "small", "medium", "large", "extraLarge", "padding"];
const ALIGN = ["left", "center", "right"];
const STYLE = ["default", "emphasis", "good", "attention", "warning", "accent"];
const IMAGE_SIZE = ["auto", "stretch", "small", "medium", "large"];

const COMMON: NodeSchema = {
  type: "name!",
  id: "id",
  spacing: SPACING,
  separator: "boolean",
  isVisible: "boolean",
};
const ELEMENT: NodeSchema = { ...COMMON, height: ["auto", "stretch"] };
const TEXT_STYLE: NodeSchema = {
  color: ["default", "dark", "light", "accent", "good", "warning", "attention"],
  fontType: ["default", "monospace"],
  isSubtle: "boolean",
  size: ["default", "small", "medium", "large", "extraLarge"],
  weight: ["lighter", "default", "bolder"],
};
const CONTAINER: NodeSchema = {
  style: STYLE,
  bleed: "boolean",
  minHeight: "pixels",
  selectAction: "{action}",
};
const INPUT: NodeSchema = {
  ...ELEMENT,
  id: "id!",
  label: "text!",
  isRequired: "boolean",
  errorMessage: "text",
};
const ACTION: NodeSchema = {
  type: "name!",
  id: "id",
  title: "text!",
  iconUrl: "https",
  style: ["default", "positive", "destructive"],
};

const TYPES_BY_KIND: Readonly<Record<string, readonly string[]>> = {
  card: ["AdaptiveCard"],
  element: [
    "TextBlock",
    "RichTextBlock",
    "Image",
    "ImageSet",
    "Container",
    "ColumnSet",
    "FactSet",
    "ActionSet",
    "Input.Text",
    "Input.Number",
    "Input.Date",
    "Input.Time",
    "Input.Toggle",
    "Input.ChoiceSet",
  ],
  action: ["Action.Submit", "Action.OpenUrl", "Action.ShowCard"],
  column: ["Column"],
  inline: ["TextRun"],
  image: ["Image"],
};

/** Kinds whose nodes have no `type`. */
const UNTYPED = new Set(["fact", "choice"]);

export const NODE_SCHEMAS: Readonly<Record<string, NodeSchema>> = {
  AdaptiveCard: {
    type: "name!",
    $schema: "string",
    version: "string",
    lang: "string",
    minHeight: "pixels",
    selectAction: "{action}",
    body: "[element]",
    actions: "[action]",
  },
  TextBlock: {
    ...ELEMENT,
    ...TEXT_STYLE,
    text: "text!",
    horizontalAlignment: ALIGN,
    maxLines: "count",
    wrap: "boolean",
  },
  RichTextBlock: { ...ELEMENT, inlines: "[inline]!", horizontalAlignment: ALIGN },
  TextRun: {
    ...TEXT_STYLE,
    type: "name!",
    text: "text!",
    highlight: "boolean",
    italic: "boolean",
    strikethrough: "boolean",
    underline: "boolean",
    selectAction: "{action}",
  },
  Image: {
    ...COMMON,
    url: "https!",
    altText: "text!",
    height: "size",
    width: "size",
    size: IMAGE_SIZE,
    style: ["default", "person"],
    backgroundColor: "string",
    horizontalAlignment: ALIGN,
    selectAction: "{action}",
  },
  ImageSet: { ...ELEMENT, images: "[image]!", imageSize: IMAGE_SIZE },
  Container: {
    ...ELEMENT,
    ...CONTAINER,
    items: "[element]!",
    verticalContentAlignment: ["top", "center", "bottom"],
  },
  ColumnSet: { ...COMMON, ...CONTAINER, columns: "[column]", horizontalAlignment: ALIGN },
  Column: {
    ...COMMON,
    ...CONTAINER,
    items: "[element]",
    width: "width",
    verticalContentAlignment: ["top", "center", "bottom"],
  },
  FactSet: { ...ELEMENT, facts: "[fact]!" },
  fact: { title: "text!", value: "text!" },
  ActionSet: { ...ELEMENT, actions: "[action]!" },
  "Input.Text": {
    ...INPUT,
    isMultiline: "boolean",
    maxLength: "count",
    placeholder: "text",
    regex: "string",
    style: ["text", "tel", "url", "email"],
    value: "string",
  },
  "Input.Number": { ...INPUT, max: "number", min: "number", placeholder: "text", value: "number" },
  "Input.Date": { ...INPUT, max: "string", min: "string", placeholder: "text", value: "string" },
  "Input.Time": { ...INPUT, max: "string", min: "string", placeholder: "text", value: "string" },
  "Input.Toggle": {
    ...INPUT,
    title: "text!",
    value: "string",
    valueOff: "string",
    valueOn: "string",
    wrap: "boolean",
  },
  "Input.ChoiceSet": {
    ...INPUT,
    choices: "[choice]!",
    isMultiSelect: "boolean",
    style: ["compact", "expanded"],
    placeholder: "text",
    value: "string",
    wrap: "boolean",
  },
  choice: { title: "text!", value: "string!" },
  "Action.Submit": { ...ACTION, data: "object", associatedInputs: ["auto", "none"] },
  "Action.OpenUrl": { ...ACTION, url: "https!" },
  "Action.ShowCard": { ...ACTION, card: "{card}!" },
};
