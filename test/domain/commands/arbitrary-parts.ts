import fc from "fast-check";
import type { CustomerRef } from "../../../src/domain/commands/customer-ref.ts";
import type { Term } from "../../../src/domain/customers/filter.ts";
import { FILTER_FIELDS, type Value } from "../../../src/domain/customers/filter-fields.ts";
import { formatSince, MAX_SINCE } from "../../../src/domain/customers/since.ts";

export function anyTerm(): fc.Arbitrary<Term> {
  const value = fc.record({ text: nastyText(), prefix: fc.boolean() });
  const term = fc.record({
    field: fc.constantFrom(...FILTER_FIELDS.filter((field) => field !== "since")),
    negated: fc.boolean(),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
  const since = fc.record({
    field: fc.constant("since" as const),
    negated: fc.boolean(),
    values: fc.array(anyTime(), { minLength: 1, maxLength: 3 }),
  });
  return fc.oneof({ weight: 9, arbitrary: term }, { weight: 1, arbitrary: since });
}

function anyTime(): fc.Arbitrary<Value> {
  const date = fc.constantFrom("2026-11-20", "2026-11-20T15:02", "2026-11-20T15:02:30.5+01:00");
  return fc.oneof(anySpan().map(formatSince), date, anyClock()).map((text) => ({ text, prefix: false }));
}

/** A time by the clock of the space that is in the past. */
export function anyClock(): fc.Arbitrary<string> {
  return fc.constantFrom("22:00", "00:05", "yesterday 08:00", "today 07:30", "monday", "sunday 23:59");
}

/** Milliseconds: whole seconds, up to the length of the history. */
export function anySpan(): fc.Arbitrary<number> {
  const seconds = fc.integer({ min: 1, max: MAX_SINCE / 1000 });
  const hours = fc.integer({ min: 1, max: 400 * 24 }).map((count) => count * 3600);
  return fc.oneof(seconds, hours).map((count) => count * 1000);
}

export function anyRef(): fc.Arbitrary<CustomerRef> {
  const by = fc.constantFrom("any" as const, "id" as const, "externalId" as const, "orgId" as const);
  return fc.oneof(
    fc.record({ by: fc.constant("row" as const), row: fc.integer({ min: 1, max: 99_999 }) }),
    fc.record({ by, value: nastyText() }),
  );
}

/** Words with a meaning for the parser, and what clients and phones produce, alone and joined. */
const TRICKY_WORDS = (
  "customers customer list errors errors only open find help status summary trend history changes export use since 2h today allow space watch alerts ack mute all digest watches drill stuck warnings escalate because for note because= for=2h note= 12 12,13 hi ? please in not without and or " +
  "error Error eror ok failed provisioned with provisioned_with_errors Provisioned-With-Errors pending all any page max " +
  'package calling webex_calling webex standard common area custmers 7 0 00012 #3 16. = != : , ; * ** " \' \\ \\" \\u{41} ' +
  "`x` … – — “x” ’ ａ ＝ &amp; &lt; <b> <a> < > [x](https://y) mailto:a@b.c https://x.y <https://x.y> a@b.c O'Brien - -- . .. " +
  "! customer= status=error x=y constructor __proto__ 🙂 Zürich germany Germany united states DE in today since yesterday last night 2 hours ago until 8 am tomorrow monday first 50 zip 10115 city texas German starting with 2560 código fehler errores la São Paulo webex suite (x) yes thanks next hilfe morning this this-week x) [y]"
).split(" ");

export function nastyText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...TRICKY_WORDS),
    fc.constantFrom(" ", "\u00a0", "\u200b", "\ufeff", "\n", "\t", "\u0000", "\u202e", "\ud800"),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.string({ maxLength: 6 }),
  );
  return fc
    .array(piece, { minLength: 1, maxLength: 4 })
    .map((pieces) => pieces.join(""))
    .filter((text) => text !== "");
}
