import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { normalizeText } from "../../../src/domain/commands/tokenize.ts";
import { ID, PADDED_ID, UUID } from "./specification.ts";

test.each([
  ["“a” ‘b’ „c“", `"a" 'b' "c"`],
  ["a\u00a0b\u2003c\u3000d", "a b c d"],
  ["a\u200bb\u2060c\u202ed\u2066e\ufeff", "abcde"],
  ["a–b—c−d", "a-b-c-d"],
  ["ｓ＝１：＊", "s=1:*"],
  ["wait…", "wait..."],
  ["\u0000a\u0007", "a"],
  ['<a href="https://x.io/?a=1&b=2">x.io</a>', "x.io"],
  ['<a class="link" href="mailto:a@b.io"><b>a@b.io</b></a>', "a@b.io"],
  ["see [the page](https://x.io/p)", "see the page"],
  ["[brackets] (and more)", "[brackets] (and more)"],
  ["<https://x.io|x.io>", "x.io"],
  ["<https://x.io>", "https://x.io"],
  ["mailto:a@b.io", "a@b.io"],
  ["a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"],
  ["&amp;lt;", "&lt;"],
  ["a < b, c<d and e>f", "a < b, c<d and e>f"],
  ["<b and c> stay", "<b and c> stay"],
  ["one<br>two<p>three</p>", "one two three"],
])("%s is normalized", (sent, plain) => {
  expect(normalizeText(sent)).toBe(plain);
});

const anyId = fc.oneof(
  fc.constantFrom(ID, PADDED_ID, UUID, UUID.toUpperCase()),
  fc.uuid(),
  fc.stringMatching(/^Y2lz[A-Za-z0-9+/_-]{20,60}={0,2}$/),
  fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/),
);

/** The characters that phones and clients add around an id; each text still means `externalId`. */
const WRAPPINGS: readonly ((id: string) => string)[] = [
  (id) => `customers externalId=${id}`,
  (id) => `Customers EXTERNALID = ${id}`,
  (id) => `externalId:${id}.`,
  (id) => `customers externalId=“${id}”!`,
  (id) => `customers\u00a0id\u00a0=\u00a0'${id}'?`,
  (id) => `customers externalId=\u200b${id}\u200b page=2`,
  (id) => `customers page=2, externalId=${id}, max=20`,
  (id) => `<p>externalId=<a href="https://${encodeURIComponent(id)}">${id}</a></p>`,
  (id) => `externalId=\`${id}\``,
];

test("an id is parsed exactly as it was sent, in every wrapping of a phone or a client", () => {
  fc.assert(
    fc.property(anyId, fc.constantFrom(...WRAPPINGS), (id, wrap) => {
      expect(parse(wrap(id), { distance })).toMatchObject({
        ok: true,
        command: { filter: [{ field: "externalId", negated: false, values: [{ text: id, prefix: false }] }] },
      });
    }),
  );
});

test("an id that names one customer is parsed exactly", () => {
  fc.assert(
    fc.property(anyId, (id) => {
      const command = (by: string) => ({ ok: true, command: { name: "customer", ref: { by, value: id } } });
      expect(parse(`customer customer="${id}"`, { distance })).toMatchObject(command("id"));
      expect(parse(`open externalId=${id}`, { distance })).toMatchObject(command("externalId"));
      expect(parse(`Customer orgId: ${id}`, { distance })).toMatchObject(command("orgId"));
      expect(parse(`customer "${id}".`, { distance })).toMatchObject(command("any"));
    }),
  );
});
