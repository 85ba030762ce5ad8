import assert from "node:assert/strict";
import type { Arena } from "../arena.ts";
import { type Area, forEach } from "../attack.ts";

const times = (count: number, text: string, glue = " ") => Array.from({ length: count }, () => text).join(glue);

/** Texts that fit into one message of Webex. */
const TEXTS: Readonly<Record<string, string>> = {
  "900 negated terms": times(900, "x!=y"),
  "1,400 words": times(1_400, "abcd"),
  "a word of 3,000 letters": "x".repeat(3_000),
  "a word of 7,000 letters": "x".repeat(7_000),
  "7,000 quotation marks": '"'.repeat(7_000),
  "an odd number of quotation marks": `customers ${'"a '.repeat(501)}`,
  "7,000 equals signs": "=".repeat(7_000),
  "3,000 commas": `status=${",".repeat(3_000)}`,
  "2,000 values of one term": `status=${times(2_000, "x", ",")}`,
  "7,000 stars": "*".repeat(7_000),
  "a star between all letters": `${"a*".repeat(3_000)}b`,
  "what slows regular expressions": `${"a".repeat(3_000)}!`,
  "3,000 blanks in a row": `customers${" ".repeat(3_000)}status=error`,
  "all kinds of blanks": `customers\u00a0\u2003\u3000\u200b\ufeffstatus=error`,
  "a number beyond all numbers": `customers page=${"9".repeat(400)}`,
  "a negative page": "customers page=-1",
  "a fraction of a page": "customers page=1.5e300",
  "a row of 400 digits": `open ${"9".repeat(400)}`,
  "an alert of 400 digits": `alert ${"9".repeat(400)}`,
  "a time beyond all times": `changes since=${"9".repeat(300)}d`,
  "a negative time": "changes since=-5h",
  "a mute for ever": "mute all for=99999999999d",
  "letters of many scripts": "قائمة клиенты 客户 ลูกค้า 👨‍👩‍👧‍👦",
  "right-to-left overrides": "\u202ecustomers status=error",
  "accents on accents": `customers ${"e\u0301".repeat(1_000)}`,
  "halves of characters": "customers \ud800 \udc00",
  "control characters": "customers \u0000\u0001\u001b[2J",
  JSON: '{"command":"customers","filter":{"$where":"sleep(1000)"}}',
  SQL: 'customers name="\'; drop table customers; --"',
  "wild cards of SQL": 'customers name="%_%_%"',
  patterns: "customers name=/(a+)+$/",
  "a template": "customers $" + "{process.env} {{7*7}} <%= 1 %>",
  "names of object properties": "customers __proto__=1 constructor=2 toString=3 hasOwnProperty=4",
  "a command of object properties": "constructor",
  "another one": "__proto__",
  "a field of object properties": "customers sort=__proto__",
  "every field twice": times(2, "status=error country=DE city=x package=calling code=1 name=y id=z"),
  "a paragraph of nested brackets": "(".repeat(3_000) + ")".repeat(3_000),
  "a path": "customer ../../../etc/passwd",
  "an address": "customer http://169.254.169.254/latest/meta-data/",
};

async function ask(text: string, { person }: Arena): Promise<void> {
  const answer = await person("operator").ask(text.slice(0, 7_400));
  assert.doesNotMatch(answer.text ?? "", /went wrong|My mistake|reference/i, answer.text);
  assert.match((await person("viewer").ask("help")).text ?? "", /What this bot can do/);
}

export const monsters: Area = {
  name: "parser monsters",
  judged: "the answer is a kind one, never “Something went wrong”, and another person is answered next",
  attacks: async () => forEach(TEXTS, ask),
};
