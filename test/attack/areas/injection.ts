import assert from "node:assert/strict";
import { lint, lintText } from "../../../src/cards/lint/lint.ts";
import type { Message } from "../../support/person.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { json, matches } from "../proxy.ts";

const PAYLOADS: Readonly<Record<string, string>> = {
  "a mention of everybody": "<@all>",
  "a mention by address": "<@personEmail:eve.laurent@harbor-partners.example|You>",
  "a mention as HTML": '<spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention>',
  "a link": "[Sign in](https://evil.example/login)",
  "a link by reference": "[Sign in][1]\n\n[1]: https://evil.example",
  "a picture": "![x](https://evil.example/pixel.png)",
  "a link in angle brackets": "<https://evil.example>",
  "a link with a script": "[x](javascript:alert(1))",
  "a script": "<script>alert(1)</script>",
  "bold and italic": "**bold** _italic_ ~~gone~~ `code`",
  "a heading": "# Urgent",
  "a list": "- one\n- two\n1. three",
  "a quotation": "> quoted",
  "a fenced block": "```\ncode\n```",
  "a table": "| a | b |\n| --- | --- |\n| 1 | 2 |",
  "a rule": "\n---\n",
  "a template": "$" + "{secret} {{DATE(2026-01-01T00:00:00Z,SHORT)}} $" + "{$root}",
  "a date of the card": "{{TIME(2026-01-01T00:00:00Z)}}",
  "an entity": "&lt;b&gt; &#60; &#x3C; &nbsp;",
  "right-to-left marks": "\u202egnihtemos\u202c \u2066x\u2069 \u200f",
  "zero-width characters": "a\u200bb\u200cc\u200dd\ufeffe\u2060f",
  "control characters": "a\u0000b\u0007c\u001b[31md\u007f",
  "halves of characters": "a\ud800b\udc00c",
  "ten thousand characters": "x".repeat(10_000),
  "ten thousand accents": `Z${"\u0301".repeat(10_000)}`,
  "a thousand lines": "line\n".repeat(1_000),
  "emoji in a family": "👨‍👩‍👧‍👦".repeat(200),
  "a word that JavaScript makes of nothing": "undefined",
  "not a number": "NaN",
  "an object's text": "[object Object]",
  __proto__: "__proto__",
  "quotation marks and backslashes": '"\'\\"\\n',
  "a card within": '{"type":"AdaptiveCard","body":[]}',
  "the text of a button": "✕ Error: all customers · alert 1",
  "blanks alone": " \u00a0\u2003\u3000 ",
  "a number": "1e400",
  "a secret": "sandbox-bot-token",
};

/** Characters that reorder or hide a text, or are none; not line breaks and the marks that keep the order. */
const CONTROL = /[\u202a-\u202e\u2066-\u2069\p{Cs}]|(?!\n)\p{Cc}/u;

/** Fails if something on the card or in the text is more than text. */
function assertInert(message: Message, payload: string): void {
  const { text = "", attachments = [] } = message;
  const { html, markdown, mentionedPeople } = message as {
    html?: string;
    markdown?: string;
    mentionedPeople?: unknown;
  };
  assert.deepEqual(
    [html, markdown, mentionedPeople],
    [undefined, undefined, undefined],
    "The text is more than plain text.",
  );
  assert.deepEqual(lintText(text), []);
  for (const { content } of attachments) {
    assert.deepEqual(lint(content), []);
    const shown = textsOf(content).join("\n");
    for (const active of ["](", "<@", "<spark", "<script", "${"])
      if (payload.includes(active)) assert.ok(!shown.includes(active), `The card has ${active}`);
    assert.doesNotMatch(shown, CONTROL, "The card has control characters.");
  }
  assert.doesNotMatch(text, CONTROL, "The text has control characters.");
}

/** All texts that a card shows; not what its buttons carry. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string"
      ? ["text", "title", "label", "placeholder", "value"].includes(key)
        ? [inner]
        : []
      : key === "data"
        ? []
        : textsOf(inner),
  );
}

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const viewer = arena.person("viewer");
  let count = 0;

  /** A customer whose every text is this. */
  async function poison(payload: string): Promise<string> {
    count += 1;
    const externalId = `poisoned-${count}`;
    const problems = [{ errorCode: 10_000 + count, description: payload }];
    const texts = {
      addressLine1: payload,
      city: payload,
      stateOrProvince: payload,
      zipOrPostalCode: payload,
      country: payload,
    };
    await arena.control("POST", "/customers", {
      externalId,
      name: payload,
      address: texts,
      errors: problems,
      packages: {
        webex_calling: { status: "error", errors: problems, warnings: problems },
        [payload.slice(0, 200)]: { status: payload.slice(0, 200) || "x" },
      },
      addOns: { [payload.slice(0, 100)]: { status: "error", errors: problems } },
    });
    return externalId;
  }

  return [
    ...forEach(PAYLOADS, async (payload) => {
      const id = await poison(payload);
      for (const text of [`customer ${id}`, `customers externalId=${id}`, `history ${id}`]) {
        const answer = await viewer.ask(text);
        assert.doesNotMatch(answer.text ?? "", /Something went wrong/, text);
        assertInert(answer, payload);
      }
    }).map(({ name, run }) => ({ name: `in a customer: ${name}`, run })),
    ...forEach(PAYLOADS, async (payload) => {
      const words = payload.slice(0, 1_500).replaceAll('"', "'").trim() || "x";
      for (const text of [`customers city="${words}"`, words, `customer "${words}"`]) {
        const answer = await viewer.ask(text);
        assert.doesNotMatch(answer.text ?? "", /Something went wrong/, text);
        assertInert(answer, payload);
      }
    }).map(({ name, run }) => ({ name: `in a question: ${name}`, run })),
    ...forEach(PAYLOADS, async (payload) => {
      arena.proxy.intercept(async (call, forward) => {
        if (!matches(call, "GET", /^\/(people|rooms)\/[^/]+$/) || call.path === "/people/me") return undefined;
        const { status, body = "" } = await forward();
        const found = JSON.parse(String(body));
        return json({ ...found, displayName: payload, title: payload, nickName: payload }, status);
      });
      await arena.advanceClock("2h");
      const roomId = await newRoom(arena);
      const operator = arena.person("operator");
      for (const text of [
        "watch externalId=c1677a16-557a-4fb4-b48f-24adde57ec99 confirm=yes",
        "alerts",
        "mute all for=1h because=x",
        "watches",
        "mutes",
        "ack all",
      ]) {
        const answer = await operator.ask(text, { roomId });
        assertInert(answer, payload);
      }
    })
      .filter((_, index) => index % 3 === 0)
      .map(({ name, run }) => ({ name: `in the name of a person and a space: ${name}`, run })),
  ];
}

async function newRoom(arena: Arena): Promise<string> {
  const creator = arena.person("viewer");
  const { id } = await creator.call<{ id: string }>("POST", "/rooms", { title: "Names" });
  await creator.call("POST", "/memberships", { roomId: id, personId: arena.person("operator").personId });
  await creator.call("POST", "/memberships", { roomId: id, personId: arena.botId });
  await creator.waitForMessage(id, /Hello/);
  return id;
}

export const injection: Area = {
  name: "injection into cards",
  judged: "the cards pass the linter, and what they show has no link, mention, markup or control character",
  attacks: attacksOf,
};
