import fc from "fast-check";
import { MAX_MUTE_MS } from "../../../src/domain/alerts/mute.ts";
import { WATCH_SWITCHES, type WatchOptions, type WatchSwitch } from "../../../src/domain/alerts/watch.ts";
import { LAST_PAGE } from "../../../src/domain/commands/list.ts";
import type { MuteCommand } from "../../../src/domain/commands/mute.ts";
import type { Command } from "../../../src/domain/commands/registry.ts";
import type { Filter, Term } from "../../../src/domain/customers/filter.ts";
import { SORT_FIELDS } from "../../../src/domain/customers/sort.ts";
import { anyRef, anySpan, anyTerm, nastyText } from "./arbitrary-parts.ts";

/**
 * Every command there can be. What cannot be: an empty value, topic, note or reason, a term without values, a row beyond five
 * digits, the number of an alert beyond nine, a span that is no span, and a sorting by anything that cannot be sorted by. Texts
 * may be anything else, lone surrogates and control characters included.
 */
export function anyCommand(): fc.Arbitrary<Command> {
  const filter = fc.array(anyTerm(), { maxLength: 4 });
  const settings = {
    page: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: LAST_PAGE })),
    max: fc.oneof(fc.constant(10), fc.integer({ min: 1, max: 50 })),
    fresh: fc.boolean(),
  };
  return fc.oneof(
    fc.record({ name: fc.constant("customers" as const), filter, ...settings }),
    fc.record({ name: fc.constant("customers" as const), filter, ...settings, sort: anySort() }),
    fc.record({ name: fc.constant("customer" as const), ref: anyRef(), fresh: fc.boolean() }),
    fc.record({ name: fc.constant("customer" as const), fresh: fc.boolean() }),
    fc.record({ name: fc.constant("find" as const), filter }),
    fc.record({ name: fc.constant("help" as const), topic: nastyText() }),
    fc.constantFrom({ name: "help" as const }, { name: "status" as const }),
    fc.constantFrom({ name: "allow" as const }, { name: "disallow" as const }),
    fc.constantFrom({ name: "trend" as const }, { name: "subpartners" as const }),
    fc.record({ name: fc.constant("summary" as const), filter }),
    fc.record({ name: fc.constant("history" as const), ref: anyRef() }),
    fc.constant({ name: "history" as const }),
    fc.record({ name: fc.constant("changes" as const), since: anySpan() }),
    fc.record({ name: fc.constant("export" as const), filter }),
    fc.record({ name: fc.constant("export" as const), filter, sort: anySort() }),
    fc.record({ name: fc.constant("use" as const), subpartner: fc.oneof(fc.constant("all"), nastyText()) }),
    anyAlertCommand(filter),
  );
}

function anyAlertCommand(filter: fc.Arbitrary<Filter>): fc.Arbitrary<Command> {
  const alerts = fc.oneof(fc.constant("all" as const), fc.uniqueArray(anyNumber(), { maxLength: 4 }));
  const options = fc.oneof(
    anySwitches(),
    fc.tuple(anySwitches(), anyAddress()).map(([switches, escalate]) => ({ ...switches, escalate })),
  );
  const name = fc.constantFrom("watches" as const, "mutes" as const, "verify" as const, "drill" as const);
  const numbered = fc.constantFrom("unwatch" as const, "unmute" as const);
  return fc.oneof(
    fc.record({ name: fc.constant("watch" as const), filter, options, confirmed: fc.boolean() }),
    fc.record({ name: fc.constant("alerts" as const), filter, page: fc.integer({ min: 1, max: 99 }) }),
    fc.record({ name: fc.constant("ack" as const), alerts }),
    fc.record({ name: fc.constant("ack" as const), alerts, note: nastyText() }),
    anyMute(filter),
    fc.record({ name: numbered, number: anyNumber() }),
    fc.record({ name: fc.oneof(name, numbered) }),
    fc.record({ name: fc.constant("follow" as const), ref: anyRef() }),
    fc.constant({ name: "follow" as const }),
    fc.record({ name: fc.constant("digest" as const), schedule: anySchedule() }),
    fc.record({ name: fc.constant("handover" as const), since: anySpan() }),
  );
}

function anySwitches(): fc.Arbitrary<WatchOptions> {
  const switches = WATCH_SWITCHES.map(([name]) => [name, fc.boolean()] as const);
  return fc.record(Object.fromEntries(switches) as Record<WatchSwitch, fc.Arbitrary<boolean>>);
}

function anyAddress(): fc.Arbitrary<string> {
  const name = fc.stringMatching(/^[A-Za-z0-9._+'-]{1,12}$/);
  const email = fc.tuple(name, fc.domain()).map((parts) => parts.join("@"));
  const id = fc.stringMatching(/^Y2lz[A-Za-z0-9+/_-]{20,40}[0-9]={0,2}$/);
  return fc.oneof(email, id, fc.uuid());
}

function anyMute(filter: fc.Arbitrary<Filter>): fc.Arbitrary<MuteCommand> {
  const numbers = fc.array(anyNumber(), { minLength: 1, maxLength: 2 });
  const likeNumbers = numbers.map((many) => many.map((number) => textTerm(String(number))));
  const target = fc.oneof(
    fc.record({ by: fc.constant("filter" as const), filter: fc.oneof(filter, likeNumbers) }),
    fc.record({ by: fc.constant("alert" as const), alert: anyNumber() }),
  );
  const span = fc.integer({ min: 1, max: MAX_MUTE_MS / 1000 }).map((seconds) => seconds * 1000);
  return fc.record({ name: fc.constant("mute" as const), target, durationMs: span, because: nastyText() });
}

function textTerm(text: string): Term {
  return { field: "text", negated: false, values: [{ text, prefix: false }] };
}

function anySchedule() {
  const clock = fc.tuple(fc.nat(23), fc.nat(59));
  const time = clock.map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
  const zone = fc.constantFrom("UTC", ...Intl.supportedValuesOf("timeZone"));
  return fc.oneof(fc.constantFrom("off" as const, "show" as const), fc.record({ time, zone }));
}

/** Of an alert, a watch or a mute. */
function anyNumber(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 999_999_999 }));
}

function anySort(): fc.Arbitrary<string> {
  return fc.constantFrom(...SORT_FIELDS.flatMap((field) => [field, `-${field}`]));
}
