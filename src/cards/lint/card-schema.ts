import { isObject, type JsonObject } from "../json.ts";

/** A node of a card whose type is in the schema. */
export class CardNode {
  readonly type: string;
  readonly value: JsonObject;
  /** The nodes around it, outermost first. */
  readonly ancestors: readonly CardNode[];
  /** The property of its parent that holds it, such as `items`, `actions` or `selectAction`. */
  readonly property: string;
  readonly #place: Place;

  constructor(type: string, value: JsonObject, place: Place) {
    this.type = type;
    this.value = value;
    this.ancestors = place.ancestors;
    this.property = place.property;
    this.#place = place;
  }

  /** Such as `card.body[2].items[0]`. Only a fault needs it, and few cards have one. */
  get path(): string {
    return pathOf(this.#place);
  }
}

export interface Validation {
  readonly nodes: readonly CardNode[];
  readonly faults: readonly SchemaFault[];
}

export interface SchemaFault {
  /** With its path. */
  readonly message: string;
  /** True if the published schema of version 1.3 forbids it; false if Webex draws it badly, drops it, or our cards do without it. */
  readonly invalid: boolean;
}

/** Where a node is: in a property of the last of its ancestors, and in a list there. */
interface Place {
  readonly ancestors: readonly CardNode[];
  /** Empty for the card itself. */
  readonly property: string;
  readonly index?: number;
}

function pathOf({ ancestors, property, index }: Place): string {
  const parent = ancestors.at(-1);
  if (parent === undefined) return "card";
  return `${parent.path}.${property}${index === undefined ? "" : `[${index}]`}`;
}

/** Nodes and faults, as they are found. */
interface Findings {
  readonly nodes: CardNode[];
  readonly faults: SchemaFault[];
}

const addFault = ({ faults }: Findings, message: string, { invalid }: Pick<SchemaFault, "invalid">): void =>
  void faults.push({ message, invalid });

/** Checks a card and all nodes in it against the schema, and lists them for further rules. */
export function validate(card: unknown): Validation {
  const findings: Findings = { nodes: [], faults: [] };
  visit(card, "card", { ancestors: [], property: "" }, findings);
  return findings;
}

/** @param kind the kind of node that the schema wants there */
function visit(value: unknown, kind: string, place: Place, findings: Findings): void {
  if (!isObject(value)) {
    const invalid = kind !== "inline" || !isText(value);
    return void addFault(findings, `${pathOf(place)}: must be an object`, { invalid });
  }
  const isUntyped = UNTYPED.has(kind);
  const type = isUntyped ? kind : (value.type ?? IMPLIED_TYPES[kind]);
  if (typeof type !== "string" || !(isUntyped || TYPES_BY_KIND[kind]?.includes(type))) {
    const name = JSON.stringify(type) ?? "(none)";
    const invalid = !UNDRAWN_TYPES.has(type);
    return void addFault(findings, `${pathOf(place)}: Webex draws no ${kind} of type ${name}`, { invalid });
  }
  const node = new CardNode(type, value, place);
  findings.nodes.push(node);
  visitProperties(node, CHECKS[type] ?? NO_CHECKS, findings);
}

const SUPPORTED = "Webex supports in version 1.3";

function visitProperties(node: CardNode, checks: NodeChecks, findings: Findings): void {
  const { type, value } = node;
  for (const [key, isOfSchema] of checks.required)
    if (value[key] === undefined) addFault(findings, `${node.path}: ${type} needs "${key}"`, { invalid: isOfSchema });
  const ancestors = [...node.ancestors, node];
  for (const key of Object.keys(value)) {
    const check = checks.of.get(key);
    if (check !== undefined) check(value[key], { ancestors, property: key }, findings);
    else addFault(findings, `${node.path}.${key}: ${type} has no "${key}" that ${SUPPORTED}`, { invalid: false });
  }
}

type Check = (value: unknown, place: Place, findings: Findings) => void;

const NODE_PATTERN = /^(\[|\{)(\w+)/;

/** The check of a property, made once of its type in the schema. */
function checkOf(type: PropertyType): Check {
  if (typeof type !== "string") return wordCheck(type);
  const [, bracket, kind] = NODE_PATTERN.exec(type) ?? [];
  if (bracket === undefined || kind === undefined) return valueCheck(type);
  return bracket === "{" ? (value, place, findings) => visit(value, kind, place, findings) : listCheck(kind);
}

const listCheck =
  (kind: string): Check =>
  (value, place, findings) => {
    if (!Array.isArray(value)) return void addFault(findings, `${pathOf(place)}: must be a list`, { invalid: true });
    for (const [index, member] of value.entries()) visit(member, kind, { ...place, index }, findings);
  };

/** A renderer takes the default for a word that it does not know, and "Attention" for "attention". */
const wordCheck =
  (words: readonly string[]): Check =>
  (value, place, findings) => {
    if (isText(value) && words.includes(value)) return;
    const message = `${pathOf(place)}: ${JSON.stringify(value)} is none of ${words.join(", ")}`;
    addFault(findings, message, { invalid: !isText(value) });
  };

function valueCheck(type: string): Check {
  const rule = VALUE_TYPES[type.replace(/[!+]/, "")];
  return (value, place, findings) => {
    if (rule === undefined || rule.holds(value)) return;
    addFault(findings, `${pathOf(place)}: must be ${rule.be}`, { invalid: !rule.isValid?.(value) });
  };
}

interface ValueType {
  readonly holds: (value: unknown) => boolean;
  readonly be: string;
  /** True for all that the published schema allows, where that is more. */
  readonly isValid?: (value: unknown) => boolean;
}

const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  name: { holds: isText, be: "a name" },
  id: { holds: (value) => isText(value) && value.trim() !== "", be: "a text that is not empty", isValid: isText },
  text: { holds: isText, be: "a text" },
  string: { holds: isText, be: "a text" },
  boolean: { holds: (value) => typeof value === "boolean", be: "true or false" },
  number: { holds: isNumber, be: "a number" },
  count: {
    holds: (value) => Number.isInteger(value) && Number(value) > 0,
    be: "a whole number above 0",
    isValid: isNumber,
  },
  data: { holds: isObject, be: "an object", isValid: isText },
  pixels: {
    holds: (value) => isText(value) && /^\d+px$/.test(value),
    be: `pixels, such as "40px"`,
    isValid: isText,
  },
  size: {
    holds: (value) => isText(value) && /^(\d+px|auto|stretch)$/.test(value),
    be: `"auto", "stretch" or "40px"`,
    isValid: isTextOrNumber,
  },
  width: { holds: isWidth, be: `"auto", "stretch", a number or "40px"`, isValid: isTextOrNumber },
  https: {
    holds: (value) => isText(value) && /^https:\/\/[^\s/]/.test(value),
    be: "an https address",
    isValid: isText,
  },
};

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isTextOrNumber(value: unknown): boolean {
  return isText(value) || isNumber(value);
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
 * `!` marks a property that the published schema requires, `+` one that our cards must have as well.
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
  label: "text+",
  isRequired: "boolean",
  errorMessage: "text",
};
const ACTION: NodeSchema = {
  type: "name!",
  id: "id",
  title: "text+",
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

/** The published schema requires no `type` of these where they can be nothing else. */
const IMPLIED_TYPES: Readonly<Record<string, string>> = { column: "Column", image: "Image" };

/** Types of the published schema that Webex draws nowhere, or not in every client. */
const UNDRAWN_TYPES = new Set<unknown>(["Media", "Action.ToggleVisibility"]);

/** The properties of each type of node. */
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
    type: "name+",
    url: "https!",
    altText: "text+",
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
    type: "name+",
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
    choices: "[choice]+",
    isMultiSelect: "boolean",
    style: ["compact", "expanded"],
    placeholder: "text",
    value: "string",
    wrap: "boolean",
  },
  choice: { title: "text!", value: "string!" },
  "Action.Submit": { ...ACTION, data: "data", associatedInputs: ["auto", "none"] },
  "Action.OpenUrl": { ...ACTION, url: "https!" },
  "Action.ShowCard": { ...ACTION, card: "{card}+" },
};

interface NodeChecks {
  readonly required: readonly (readonly [key: string, isOfSchema: boolean])[];
  readonly of: ReadonlyMap<string, Check>;
}

const NO_CHECKS: NodeChecks = { required: [], of: new Map() };

const CHECKS: Readonly<Record<string, NodeChecks>> = Object.fromEntries(
  Object.entries(NODE_SCHEMAS).map(([type, schema]): [string, NodeChecks] => {
    const properties = Object.entries(schema);
    const required = properties.flatMap(([key, property]): NodeChecks["required"] => {
      if (typeof property !== "string" || !/[!+]$/.test(property)) return [];
      return [[key, property.endsWith("!")]];
    });
    return [type, { required, of: new Map(properties.map(([key, property]) => [key, checkOf(property)])) }];
  }),
);
