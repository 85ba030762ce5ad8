// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lint, lintText, refusals } from "../../src/cards/lint/lint.ts";
import { plain } from "../../src/cards/plain-text.ts";

type Json = Record<string, unknown>;

const text = (words: string, more: Json = {}) => ({ type: "TextBlock", text: words, wrap: true, ...more });
const card = (body: readonly unknown[], more: Json = {}) => ({
  type: "AdaptiveCard",
  version: "1.3",
  body,
  ...more,
});
const submit = (more: Json = {}) => ({
  type: "Action.Submit",
  title: "Next",
  data: { command: "customers page=2", with: "" },
  ...more,
});
const input = (id: string, more: Json = {}) => ({ type: "Input.Text", id, label: "Name", ...more });
const image = (more: Json = {}) => ({
  type: "Image",
  url: "https://e.example/a.png",
  altText: "A bar chart",
  ...more,
});
const nested = (depth: number): Json =>
  depth === 0 ? text("deep") : { type: "Container", items: [nested(depth - 1)] };
const showCard = (inner: Json) => ({ type: "Action.ShowCard", title: "More", card: inner });

test("a card with everything in the schema has no fault", () => {
  const all = card(
    [
      text("Hello", { color: "good", size: "medium", weight: "bolder", isSubtle: false, maxLines: 2 }),
      {
        type: "RichTextBlock",
        inlines: [{ type: "TextRun", text: "✓ fine", color: "good", fontType: "monospace", italic: true }],
      },
      image({ size: "small" }),
      { type: "ImageSet", images: [image()] },
      {
        type: "ColumnSet",
        columns: [
          { type: "Column", width: "auto", items: [text("a")] },
          { type: "Column", width: 2, items: [text("b")] },
          { type: "Column", width: "40px", items: [text("c")] },
        ],
        selectAction: submit(),
      },
      { type: "FactSet", facts: [{ title: "Code", value: "2560" }] },
      { type: "ActionSet", actions: [submit()] },
      input("name", { isRequired: true, errorMessage: "Say a name" }),
      {
        type: "Input.ChoiceSet",
        id: "pick",
        label: "Pick",
        choices: [{ title: "A", value: "a" }],
        style: "compact",
      },
      { type: "Input.Toggle", id: "t", label: "Toggle", title: "On" },
      { type: "Input.Number", id: "n", label: "Number", min: 1, max: 3 },
    ],
    {
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      actions: [
        submit({
          style: "positive",
          associatedInputs: "auto",
          data: { command: "customer", with: "name pick" },
        }),
        { type: "Action.OpenUrl", title: "Status", url: "https://status.webex.com" },
        showCard(card([text("More")])),
      ],
    },
  );
  expect(lint(all)).toEqual([]);
});

describe("rule 1: an Adaptive Card of version 1.3, with a text beside it", () => {
  test.each([
    [{ ...card([]), version: "1.5" }, 'card.version: must be "1.3"'],
    [{ type: "AdaptiveCard", body: [] }, 'card.version: must be "1.3"'],
    [{ ...card([]), type: "Card" }, 'card: Webex draws no card of type "Card"'],
    ["a text", "card: must be an object"],
    [card("x" as unknown as []), "card.body: must be a list"],
  ])("%j", (faulty, fault) => {
    expect(lint(faulty)).toEqual([fault]);
  });

  test("the text is never empty and never longer than Webex takes", () => {
    expect(lintText("Customers: none")).toEqual([]);
    expect(lintText(" \n")).toEqual(["text: is empty"]);
    expect(lintText("é".repeat(3_720))).toEqual(["text: 7440 bytes, Webex takes 7439"]);
  });
});

const fault = (body: unknown, message: string, more: Json = {}): [string, unknown, string] => [
  message,
  card([body], more),
  message,
];

test.each([
  // 2 and 3: elements and actions
  fault({ type: "Media" }, 'card.body[0]: Webex draws no element of type "Media"'),
  fault({ type: "Table" }, 'card.body[0]: Webex draws no element of type "Table"'),
  fault({ text: "a" }, "card.body[0]: Webex draws no element of type (none)"),
  fault(
    { type: "ActionSet", actions: [{ type: "Action.Execute" }] },
    'card.body[0].actions[0]: Webex draws no action of type "Action.Execute"',
  ),
  fault(
    { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility" }] },
    'card.body[0].actions[0]: Webex draws no action of type "Action.ToggleVisibility"',
  ),
  // 4: properties
  fault(
    text("a", { style: "heading" }),
    'card.body[0].style: TextBlock has no "style" that Webex supports in version 1.3',
  ),
  fault(
    text("a", { fallback: "drop" }),
    'card.body[0].fallback: TextBlock has no "fallback" that Webex supports in version 1.3',
  ),
  fault(
    text("a", { constructor: 1 }),
    'card.body[0].constructor: TextBlock has no "constructor" that Webex supports in version 1.3',
  ),
  fault(
    { type: "ColumnSet", columns: [], height: "stretch" },
    'card.body[0].height: ColumnSet has no "height" that Webex supports in version 1.3',
  ),
  fault({ type: "TextBlock" }, 'card.body[0]: TextBlock needs "text"'),
  fault(text("a", { wrap: "yes" }), "card.body[0].wrap: must be true or false"),
  // 6: images
  fault(image({ altText: undefined }), 'card.body[0]: Image needs "altText"'),
  fault(image({ url: "http://e.example/a.png" }), "card.body[0].url: must be an https address"),
  fault(image({ url: "data:image/png;base64,AA" }), "card.body[0].url: must be an https address"),
  fault({ type: "ImageSet", images: Array.from({ length: 11 }, () => image()) }, "card: 11 images, at most 10"),
  // 7: weight
  fault(text("x".repeat(20_480)), "card: 20571 bytes, our budget is 20480"),
  // 8: inputs
  fault(input(""), "card.body[0].id: must be a text that is not empty"),
  fault({ type: "Input.Text", id: "a" }, 'card.body[0]: Input.Text needs "label"'),
  fault(
    { type: "Container", items: [input("a"), input("a")] },
    'card.body[0].items[1].id: "a" is the id of another input',
  ),
  fault(input("command"), 'card.body[0].id: "command" is a key in the data of a button', {
    actions: [submit()],
  }),
  fault(input("a", { isRequired: true }), 'card.body[0]: a required input needs "errorMessage"'),
  fault(
    { type: "Input.ChoiceSet", id: "a", label: "A", choices: [], isRequired: true, errorMessage: "Choose" },
    "card.body[0].isRequired: blocks the other buttons of the card",
    { actions: [submit(), submit()] },
  ),
  // 9: what buttons do
  fault(text("a"), "card.actions[0].data: must be an object", { actions: [submit({ data: undefined })] }),
  fault(text("a"), "card.actions[0].data.command: must be a command", {
    actions: [submit({ data: { with: "" } })],
  }),
  fault(text("a"), "card.actions[0].data.with: must be a text", {
    actions: [submit({ data: { command: "help" } })],
  }),
  fault(text("a"), 'card.actions[0].data.with: the card has no input "customer"', {
    actions: [submit({ data: { command: "customer", with: "customer" } })],
  }),
  fault(text("a"), "card.actions[0].data: more than 1000 characters", {
    actions: [submit({ data: { command: "x".repeat(1_000), with: "" } })],
  }),
  fault(text("a"), "card.actions[0].url: must be an https address", {
    actions: [{ type: "Action.OpenUrl", title: "Go", url: "javascript:alert(1)" }],
  }),
  // 10: slips in texts
  fault(text("Hello ${name}"), 'card.body[0].text: a placeholder "${" was not filled in'),
  fault(text("Page NaN"), "card.body[0].text: a missing value was shown as text"),
  fault(text("undefined, US"), "card.body[0].text: a missing value was shown as text"),
  fault(text("[object Object]"), "card.body[0].text: an object was shown as text"),
  fault(
    text("{{TIME(2026-11-23T15:00:00.123Z)}}"),
    "card.body[0].text: a time with milliseconds is not understood by clients",
  ),
  fault(input("a", { label: "${label}" }), 'card.body[0].label: a placeholder "${" was not filled in'),
  // 11: words to choose from, and wrapping
  fault(
    text("a", { color: "Attention" }),
    'card.body[0].color: "Attention" is none of default, dark, light, accent, good, warning, attention',
  ),
  fault(
    { type: "TextBlock", text: "More than twenty-four characters" },
    'card.body[0]: without "wrap" a text this long is cut off',
  ),
  // 12: layout
  fault(
    { type: "ColumnSet", columns: Array.from({ length: 5 }, () => ({ type: "Column" })) },
    "card.body[0].columns: 5 columns, at most 4",
  ),
  fault(
    { type: "ColumnSet", columns: [{ type: "Column", width: "wide" }] },
    'card.body[0].columns[0].width: must be "auto", "stretch", a number or "40px"',
  ),
  fault(nested(10), `card.body[0]${".items[0]".repeat(10)}: more than 10 levels deep`),
  fault(text("a"), "card.actions[0].card.actions[0]: a ShowCard within a ShowCard", {
    actions: [showCard(card([text("b")], { actions: [showCard(card([text("c")]))] }))],
  }),
  // 13: taps
  fault({ type: "Container", items: [], selectAction: submit() }, "card.body[0].selectAction: no button does the same"),
  fault(
    { type: "Container", items: [], selectAction: showCard(card([])) },
    "card.body[0].selectAction: a tap cannot open a ShowCard",
  ),
  fault(
    {
      type: "Container",
      selectAction: submit(),
      items: [{ type: "Container", items: [], selectAction: submit() }],
    },
    "card.body[0].items[0].selectAction: a tap within a tap",
    { actions: [submit()] },
  ),
  // 14: colour
  fault(text("✕", { color: "attention" }), "card.body[0]: a colour without a word"),
  fault(
    { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "42", color: "good" }] },
    "card.body[0].inlines[0]: a colour without a word",
  ),
])("%s", (_, faulty, message) => {
  expect(lint(withoutUndefined(faulty))).toEqual([message]);
});

describe("rule 5: five buttons in a row, twenty on a card", () => {
  const row = (length: number) => Array.from({ length }, () => submit());

  test("six in a row are one too many", () => {
    expect(lint(card([], { actions: row(5) }))).toEqual([]);
    expect(lint(card([], { actions: row(6) }))).toEqual(["card.actions: 6 buttons in a row, Webex draws 5"]);
  });

  test("rows of five are too many from the fifth on", () => {
    const sets = Array.from({ length: 5 }, () => ({ type: "ActionSet", actions: row(5) }));
    expect(lint(card(sets.slice(0, 4)))).toEqual([]);
    expect(lint(card(sets))).toEqual(["card: 25 actions, at most 20"]);
  });
});

describe("Webex refuses what the published schema forbids, and nothing that only we hold against a card", () => {
  const withAction = (action: Json) => card([], { actions: [action] });
  const openUrl = { type: "Action.OpenUrl", title: "Go", url: "http://e.example" };

  test.each([
    ...["1.0", "1.1", "1.2"].map((version): [string, unknown] => [`version ${version}`, card([], { version })]),
    ["a web address without TLS", withAction(openUrl)],
    ["an address of another app", withAction({ ...openUrl, url: "webexteams://im?email=a@e.example" })],
    ["a button without data", withAction({ type: "Action.Submit", title: "Send" })],
    ["a button whose data is a text", withAction({ type: "Action.Submit", title: "Send", data: "yes" })],
    ["a button without a title", withAction({ type: "Action.Submit" })],
    ["six buttons in a row", card([], { actions: Array.from({ length: 6 }, () => submit()) })],
    ["more than our budget", card([text("x".repeat(30_000))])],
    ["an input without a label", card([{ type: "Input.Text", id: "a" }])],
    ["an image that nothing describes, from anywhere", card([{ type: "Image", url: "http://e.example/a.png" }])],
    ["words with capitals", card([text("a", { color: "Attention", size: "Medium", weight: "Bolder" })])],
    ["a property of a later version", card([text("a", { style: "heading" })])],
    ["a way out for old clients", card([text("a", { fallback: "drop", requires: { a: "1" } })])],
    ["columns without a type", card([{ type: "ColumnSet", columns: [{ items: [text("a")] }, { width: "2" }] }])],
    ["a row of texts", card([{ type: "RichTextBlock", inlines: ["a", { type: "TextRun", text: "b" }] }])],
    ["elements that Webex does not draw", card([{ type: "Media", sources: [] }])],
    ["a button that hides elements", withAction({ type: "Action.ToggleVisibility", title: "More" })],
    ["eleven levels", card([nested(10)])],
  ])("not %s", (_, valid) => {
    expect(refusals(valid)).toEqual([]);
    expect(lint(valid)).not.toEqual([]);
  });

  test.each([
    ["no card", "a text", "card: must be an object"],
    ["another type", { ...card([]), type: "Card" }, 'card: Webex draws no card of type "Card"'],
    ["no version", { type: "AdaptiveCard", body: [] }, 'card.version: must be "1.3"'],
    ["a later version", card([], { version: "1.5" }), 'card.version: must be "1.3"'],
    ["a later element", card([{ type: "Table" }]), 'card.body[0]: Webex draws no element of type "Table"'],
    [
      "a later action",
      withAction({ type: "Action.Execute" }),
      'card.actions[0]: Webex draws no action of type "Action.Execute"',
    ],
    ["an element without a type", card([{ text: "a" }]), "card.body[0]: Webex draws no element of type (none)"],
    ["a text block without a text", card([{ type: "TextBlock" }]), 'card.body[0]: TextBlock needs "text"'],
    [
      "a link without an address",
      withAction({ type: "Action.OpenUrl" }),
      'card.actions[0]: Action.OpenUrl needs "url"',
    ],
    ["an input without an id", card([{ type: "Input.Text" }]), 'card.body[0]: Input.Text needs "id"'],
    ["a text instead of a list", { ...card([]), body: "x" }, "card.body: must be a list"],
    ["a number instead of a text", card([text("a", { text: 1 })]), "card.body[0].text: must be a text"],
    ["a text instead of a flag", card([text("a", { wrap: "yes" })]), "card.body[0].wrap: must be true or false"],
    [
      "a number instead of a word",
      card([text("a", { size: 12 })]),
      expect.stringContaining("card.body[0].size: 12 is"),
    ],
  ])("but %s", (_, invalid, message) => {
    expect(refusals(invalid)).toEqual([message]);
    expect(lint(invalid)).toEqual(expect.arrayContaining([message]));
  });
});

test("every fault is listed with its own path", () => {
  const faults = lint(card([text("a", { color: "red" }), { type: "Media" }, input("")]));
  expect(faults.map((one) => one.split(":")[0])).toEqual(["card.body[0].color", "card.body[1]", "card.body[2].id"]);
});

test("no foreign text that was made plain can spoil a card", () => {
  const words = fc.oneof(fc.constantFrom("${a}", "undefined", "NaN", "{{TIME(1.5Z)}}", "[object Object]"), fc.string());
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), fc.constantFrom("", " ", "("), (some, glue) => {
      const name = plain(some.join(glue), 200);
      expect(lint(card([text(name), text(`12. ${name} — ${name}`)]))).toEqual([]);
    }),
  );
});

test("nothing that might come instead of a card makes the linter throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(lint(value)).not.toEqual([]);
      expect(lint(card([value]))).not.toEqual([]);
    }),
  );
});

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
