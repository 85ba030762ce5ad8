import assert from "node:assert/strict";
import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { format, formatFilter } from "../../src/domain/commands/format.ts";
import { parse } from "../../src/domain/commands/parse.ts";
import { matches } from "../../src/domain/customers/predicate.ts";
import type { CustomerRecord } from "../../src/domain/customers/record.ts";
import { pressText, withoutMention } from "../../src/webex/inbound.ts";
import { anyCommand } from "../domain/commands/arbitrary-commands.ts";
import { anyTerm, nastyText } from "../domain/commands/arbitrary-parts.ts";
import { customerLists, filter } from "../store/customer-arbitraries.ts";
import { fuzzTarget } from "./target.ts";

/** Comparisons for suggestions in one text: words are compared with the known words, however many are written. */
const MOST_COMPARISONS = 20_000;

/** Parses a text and checks what must hold of every answer. */
function checkParsing(text: string): void {
  let comparisons = 0;
  const counted = (one: string, other: string) => {
    comparisons += 1;
    return distance(one, other);
  };
  const parsed = parse(text, { distance: counted });
  assert.ok(comparisons <= MOST_COMPARISONS, `${comparisons} comparisons`);
  if (parsed.ok) {
    assert.deepEqual(parse(format(parsed.command), { distance }), { ok: true, command: parsed.command });
    return;
  }
  assert.match(parsed.problem, /\S.*\.$/s);
  assert.match(parsed.hint, /\S.*\.$/s);
  if (parsed.suggestion !== undefined) assert.ok(parse(parsed.suggestion, { distance }).ok, parsed.suggestion);
}

const sentence = fc.array(nastyText(), { maxLength: 30 }).map((words) => words.join(" "));
const longText = fc.tuple(nastyText(), fc.nat(400)).map(([word, times]) => `customers ${`${word} `.repeat(times)}`);
const damaged = fc.tuple(anyCommand(), fc.nat(60), fc.nat(5), nastyText()).map(([command, at, cut, more]) => {
  const text = format(command);
  return text.slice(0, at) + more + text.slice(at + cut);
});

export const parser = fuzzTarget({
  name: "parser",
  share: 0.3,
  input: fc.oneof(
    { weight: 4, arbitrary: sentence },
    { weight: 4, arbitrary: damaged },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    { weight: 1, arbitrary: longText },
  ),
  check: checkParsing,
});

const BOT = {
  id: "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9ib3Q",
  displayName: "Wholesale Bot",
  type: "bot",
  emails: [],
  orgId: "o",
};

const inputs = fc.dictionary(
  fc.oneof(fc.constantFrom("command", "with", "filter[]", "since", "a.b", "__proto__"), nastyText()),
  fc.oneof(nastyText(), fc.jsonValue()),
);

export const presses = fuzzTarget({
  name: "presses and mentions",
  share: 0.1,
  input: fc.record({ inputs, text: sentence, name: nastyText(), html: sentence }),
  check({ inputs: given, text, name, html }) {
    checkParsing(pressText(given));
    const mention = `<spark-mention data-object-type="person" data-object-id="${BOT.id}">${name}</spark-mention> ${html}`;
    checkParsing(withoutMention({ text, html: mention }, BOT));
  },
});

export const filters = fuzzTarget({
  name: "filters",
  share: 0.1,
  input: fc.record({ customers: customerLists, filter, written: fc.array(anyTerm(), { maxLength: 40 }) }),
  check({ customers, filter: wanted, written }) {
    for (const customer of customers) {
      const record: CustomerRecord = { customer, firstSeenAt: 0, changedAt: 0, since: {} } as unknown as CustomerRecord;
      assert.equal(typeof matches(wanted, record, 0), "boolean");
      // A negated term matches exactly what the term does not.
      for (const term of wanted.filter(({ field }) => field !== "since" && field !== "subpartner")) {
        const other = { ...term, negated: !term.negated };
        if (term.values.length > 0) assert.notEqual(matches([term], record, 0), matches([other], record, 0));
      }
    }
    checkParsing(`customers ${formatFilter(written)}`);
  },
});
