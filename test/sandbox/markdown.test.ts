import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "../../src/sandbox/webex/markdown.ts";

const nobody = () => undefined;

test.each([
  ["**bold** and *leaning*", "<p><strong>bold</strong> and <em>leaning</em></p>", "bold and leaning"],
  [
    "status=provisioned_with_errors webex_calling_standard",
    null,
    "status=provisioned_with_errors webex_calling_standard",
  ],
  ["acme* and 5 * 3", null, "acme* and 5 * 3"],
  ["`customers *`", "<p><code>customers *</code></p>", "customers *"],
  [
    "[status](https://status.webex.com)",
    '<p><a href="https://status.webex.com" rel="nofollow">status</a></p>',
    "status",
  ],
  [
    "write to ana@example.com",
    '<p>write to <a href="mailto:ana@example.com" rel="nofollow">ana@example.com</a></p>',
    "write to ana@example.com",
  ],
  ["- one\n- two", "<ul><li>one</li><li>two</li></ul>", "one two"],
  ["1. one\n2. two", "<ol><li>one</li><li>two</li></ol>", "one two"],
  ["> said", "<blockquote>said<br/></blockquote>", "said"],
  ["one  \ntwo\n\nthree", "<p>one<br/>two</p>\n<p>three</p>", "one two three"],
  ["one\ntwo", "<p>one\ntwo</p>", "one two"],
  ["# Head\ntext", "<h1>Head</h1>\n<p>text</p>", "Head text"],
  ["###### Small", "<h6>Small</h6>", "Small"],
  ["####### none, #none", null, "####### none, #none"],
  ["***both***", "<p><strong><em>both</em></strong></p>", "both"],
  ["```\na *b*\n```", "<pre><code>a *b*</code></pre>", "a *b*"],
  ["\\*not bold\\*", "<p>*not bold*</p>", "*not bold*"],
  ["a < b & c", "<p>a &lt; b &amp; c</p>", "a < b & c"],
  ["[click](javascript:alert(1))", "<p>[click](javascript:alert(1))</p>", "[click](javascript:alert(1))"],
])("%j is read as Webex reads it", (markdown, html, text) => {
  const read = renderMarkdown(markdown, nobody);
  if (html !== null) expect(read.html).toBe(html);
  expect(read.text).toBe(text);
});

test("a mention of a member shows the typed name, or else their own", () => {
  const ana = { id: "ana-id", name: "Ana Lima" };
  const find = (_: string, value: string) => (value === "ana@example.com" ? ana : undefined);
  const read = renderMarkdown("<@personEmail:ana@example.com> meet <@personEmail:eve@example.com|Eve>", find);
  expect(read).toEqual({
    html: '<p><spark-mention data-object-type="person" data-object-id="ana-id">Ana Lima</spark-mention> meet Eve</p>',
    text: "Ana Lima meet Eve",
    mentionedIds: ["ana-id"],
  });
});

test("typed markdown makes only the known HTML tags", () => {
  const tags = /<(?!\/?(?:p|h[1-6]|strong|em|ul|ol|li|blockquote|pre|code|a|br)\b)/;
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."<>&\"'*_`[]()\\-1#. \nabc@:/|script".split("")) }), (typed) => {
      expect(renderMarkdown(typed, nobody).html).not.toMatch(tags);
    }),
  );
});
