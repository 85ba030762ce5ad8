import { byteLength, isObject } from "../json.ts";
import { type CardNode, NODE_SCHEMAS, validate } from "./card-schema.ts";

/** Our own limit: Webex documents none; its samples warn at 60 KB with images. */
export const MAX_CARD_BYTES = 20_480;

/** The limit of Webex for the text of a message (API reference, Create a Message). */
export const MAX_TEXT_BYTES = 7_439;

/** Everything in a card that Webex would reject, drop or draw badly: one sentence with its path for each fault. */
export function lint(card: unknown): readonly string[] {
  const { nodes, faults } = validate(card);
  const ofSchema = faults.map(({ message }) => message);
  return [...versionFaults(card), ...sizeFaults(card), ...ofSchema, ...RULES.flatMap((rule) => rule(nodes))];
}

/**
 * The faults among those of `lint` for which Webex answers 400: the version is missing or above 1.3, the highest of its guide
 * (Buttons and Cards), or the published schema of Adaptive Cards 1.3 forbids a type of a node, the JSON type of a value, or the
 * lack of a property. The rest is our style, or what a client drops or draws badly: other bots may send it. Webex publishes no
 * list of its own; "Missing Adaptive Card Version" is a 400 that bots have met.
 */
export function refusals(card: unknown): readonly string[] {
  const invalid = validate(card).faults.filter((fault) => fault.invalid);
  const isKnownVersion = isObject(card) && /^1\.[0-3]$/.test(String(card.version));
  return [...(isKnownVersion ? [] : versionFaults(card)), ...invalid.map(({ message }) => message)];
}

/** Checks the plain text of a message, for clients without cards, notifications and screen readers. */
export function lintText(text: string): readonly string[] {
  if (text.trim() === "") return ["text: is empty"];
  const bytes = byteLength(text);
  return bytes > MAX_TEXT_BYTES ? [`text: ${bytes} bytes, Webex takes ${MAX_TEXT_BYTES}`] : [];
}

function versionFaults(card: unknown): readonly string[] {
  return isObject(card) && card.version !== "1.3" ? [`card.version: must be "1.3"`] : [];
}

function sizeFaults(card: unknown): readonly string[] {
  const bytes = byteLength(JSON.stringify(card) ?? "");
  return bytes > MAX_CARD_BYTES ? [`card: ${bytes} bytes, our budget is ${MAX_CARD_BYTES}`] : [];
}

/** A check of all nodes that the schema cannot express. Returns faults with their path. */
type Rule = (nodes: readonly CardNode[]) => readonly string[];

const LIMITS = {
  actionsTogether: 5,
  actions: 20,
  images: 10,
  columns: 4,
  depth: 10,
  unwrapped: 24,
  data: 1_000,
};

/** The Windows client shows five buttons of a row and drops the rest. */
const actions: Rule = (nodes) => {
  const rows = nodes.flatMap((node) => {
    const { actions: row } = node.value;
    if (!Array.isArray(row) || row.length <= LIMITS.actionsTogether) return [];
    return [`${node.path}.actions: ${row.length} buttons in a row, Webex draws ${LIMITS.actionsTogether}`];
  });
  const all = nodes.filter(isAction).length;
  return all > LIMITS.actions ? [...rows, `card: ${all} actions, at most ${LIMITS.actions}`] : rows;
};

const images: Rule = (nodes) => {
  const count = nodes.filter(({ type }) => type === "Image").length;
  return count > LIMITS.images ? [`card: ${count} images, at most ${LIMITS.images}`] : [];
};

/** Webex sends inputs and the data of a button as one object, so their keys must differ. */
const inputs: Rule = (nodes) => {
  const submits = nodes.filter(({ type }) => type === "Action.Submit");
  const keys = new Set(submits.flatMap(({ value }) => (isObject(value.data) ? Object.keys(value.data) : [])));
  const ids = new Set<unknown>();
  return nodes.filter(isInput).flatMap(({ path, type, value }) => {
    const faults = [
      ids.has(value.id) && `${path}.id: "${value.id}" is the id of another input`,
      keys.has(String(value.id)) && `${path}.id: "${value.id}" is a key in the data of a button`,
      value.isRequired === true && !value.errorMessage && `${path}: a required input needs "errorMessage"`,
      value.isRequired === true &&
        type === "Input.ChoiceSet" &&
        submits.length > 1 &&
        `${path}.isRequired: blocks the other buttons of the card`,
    ];
    ids.add(value.id);
    return faults.filter((fault) => fault !== false);
  });
};

/** A button has a command and names inputs of the card. */
const submits: Rule = (nodes) => {
  const ids = new Set(nodes.filter(isInput).map(({ value }) => value.id));
  return nodes
    .filter(({ type }) => type === "Action.Submit")
    .flatMap(({ path, value: { data } }) => {
      if (!isObject(data)) return [`${path}.data: must be an object`];
      const { command, with: names } = data;
      if (typeof command !== "string" || command.trim() === "") return [`${path}.data.command: must be a command`];
      if (typeof names !== "string") return [`${path}.data.with: must be a text`];
      if (JSON.stringify(data).length > LIMITS.data) return [`${path}.data: more than ${LIMITS.data} characters`];
      const unknown = names.split(" ").filter((id) => id !== "" && !ids.has(id));
      return unknown.map((id) => `${path}.data.with: the card has no input "${id}"`);
    });
};

const TEXT_FAULTS: readonly (readonly [RegExp, string])[] = [
  [/\$\{/, `a placeholder "\${" was not filled in`],
  [/\[object Object\]/, "an object was shown as text"],
  [/(?<![\w/+=-])(undefined|NaN)(?![\w/+=-])/, "a missing value was shown as text"],
  [/\{\{(DATE|TIME)\([^)]*\.\d+Z/, "a time with milliseconds is not understood by clients"],
];

/** The properties of each type of node that people read. */
const SHOWN_TEXTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(NODE_SCHEMAS).map(([type, schema]) => [
    type,
    Object.keys(schema).filter((key) => String(schema[key]).startsWith("text")),
  ]),
);

const texts: Rule = (nodes) =>
  nodes.flatMap((node) =>
    (SHOWN_TEXTS[node.type] ?? []).flatMap((key) => {
      const text = node.value[key];
      if (typeof text !== "string") return [];
      return TEXT_FAULTS.filter(([pattern]) => pattern.test(text)).map(([, fault]) => `${node.path}.${key}: ${fault}`);
    }),
  );

const wrap: Rule = (nodes) =>
  nodes
    .filter(({ type, value }) => type === "TextBlock" && value.wrap !== true)
    .filter(({ value }) => Array.from(String(value.text)).length > LIMITS.unwrapped)
    .map(({ path }) => `${path}: without "wrap" a text this long is cut off`);

const layout: Rule = (nodes) =>
  nodes.flatMap((node) => {
    const { type, value, ancestors } = node;
    const columns = type === "ColumnSet" && Array.isArray(value.columns) ? value.columns.length : 0;
    const faults = [
      columns > LIMITS.columns && `${node.path}.columns: ${columns} columns, at most ${LIMITS.columns}`,
      ancestors.length === LIMITS.depth + 1 && `${node.path}: more than ${LIMITS.depth} levels deep`,
      isShowCard(node) && ancestors.some(isShowCard) && `${node.path}: a ShowCard within a ShowCard`,
    ];
    return faults.filter((fault) => fault !== false);
  });

/** People and screen readers easily miss a tap area, so a button must do the same. */
const taps: Rule = (nodes) => {
  const buttons = new Set(nodes.filter(({ property }) => property === "actions").map(actionKey));
  return nodes
    .filter(({ property }) => property === "selectAction")
    .flatMap((node) => {
      const outer = node.ancestors.slice(0, -1);
      const faults = [
        isShowCard(node) && `${node.path}: a tap cannot open a ShowCard`,
        outer.some(({ value }) => value.selectAction !== undefined) && `${node.path}: a tap within a tap`,
        !isShowCard(node) && !buttons.has(actionKey(node)) && `${node.path}: no button does the same`,
      ];
      return faults.filter((fault) => fault !== false);
    });
};

/** A coloured text needs a word for readers who do not see colours. A bar has a length as well. */
const colours: Rule = (nodes) =>
  nodes
    .filter(({ value }) => typeof value.text === "string" && !isNeutral(value.color))
    .filter(({ value }) => !/\p{L}|^█+$/u.test(String(value.text)))
    .map(({ path }) => `${path}: a colour without a word`);

const RULES: readonly Rule[] = [actions, images, inputs, submits, texts, wrap, layout, taps, colours];

function isAction({ type }: CardNode): boolean {
  return type.startsWith("Action.");
}

function isShowCard({ type }: CardNode): boolean {
  return type === "Action.ShowCard";
}

function isInput({ type }: CardNode): boolean {
  return type.startsWith("Input.");
}

function isNeutral(color: unknown): boolean {
  return color === undefined || color === "default" || color === "dark" || color === "light";
}

/** The effect of an action, without its look. */
function actionKey({ type, value }: CardNode): string {
  return JSON.stringify([type, value.data, value.url]);
}
