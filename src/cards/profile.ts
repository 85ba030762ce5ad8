/**
 * Adaptive Cards as Webex draws them: version 1.3, less what its clients ignore or draw differently.
 * A property that is not in this table is a fault, for Webex would drop it without a word.
 *
 * A shape says of each property what it holds: a kind of value, the words to choose from, a list of nodes (`[kind]`) or
 * one node (`{kind}`). `!` marks what must be there.
 */
export type PropertyType = string | readonly string[];
export type NodeSchema = Readonly<Record<string, PropertyType>>;

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

/** Which types may stand where a node of this kind is asked for. */
export const TYPES_BY_KIND: Readonly<Record<string, readonly string[]>> = {
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

/** Nodes that have no `type`: their kind alone says what they are. */
export const UNTYPED = new Set(["fact", "choice"]);

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
