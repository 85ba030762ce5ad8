import fc from "fast-check";
import { MAX_MUTE_MS } from "../../../src/domain/alerts/mute.ts";
import { WATCH_SWITCHES, type WatchOptions, type WatchSwitch } from "../../../src/domain/alerts/watch.ts";
import { AUDIT_OUTCOMES, type AuditTerm } from "../../../src/domain/audit.ts";
import { LAST_PAGE } from "../../../src/domain/commands/list.ts";
import type { MuteCommand } from "../../../src/domain/commands/mute.ts";
import type { Command, CommandName, CommandOf } from "../../../src/domain/commands/registry.ts";
import type { Filter, Term } from "../../../src/domain/customers/filter.ts";
import { DEFAULT_SINCE, formatSince } from "../../../src/domain/customers/since.ts";
import { SORT_FIELDS } from "../../../src/domain/customers/sort.ts";
import { anyClock, anyRef, anySpan, anyTerm, nastyText } from "./arbitrary-parts.ts";

const filter = fc.array(anyTerm(), { maxLength: 4 });
const anyName = <N extends CommandName>(name: N) => fc.constant(name);
const only = <N extends CommandName>(name: N) => fc.record({ name: anyName(name) });
const numbered = <N extends CommandName>(name: N) =>
  fc.record({ name: anyName(name), number: anyNumber() }, { requiredKeys: ["name"] });
const withRef = <N extends CommandName>(name: N) =>
  fc.record({ name: anyName(name), ref: anyRef() }, { requiredKeys: ["name"] });

/**
 * Every command that `parse` can return, by its name. Left out are an empty value, topic, note or reason, a term without
 * values, a row beyond five digits, the number of an alert beyond nine, an invalid span, and an unknown sort field. Texts
 * may be anything else, lone surrogates and control characters included.
 */
const ARBITRARIES: { readonly [N in CommandName]: fc.Arbitrary<CommandOf<N>> } = {
  customers: fc.record(
    {
      name: anyName("customers"),
      filter,
      page: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: LAST_PAGE })),
      max: fc.oneof(fc.constant(10), fc.integer({ min: 1, max: 50 })),
      fresh: fc.boolean(),
      sort: anySort(),
    },
    { requiredKeys: ["name", "filter", "page", "max", "fresh"] },
  ),
  customer: fc.record(
    { name: anyName("customer"), ref: anyRef(), fresh: fc.boolean() },
    { requiredKeys: ["name", "fresh"] },
  ),
  number: fc.record({ name: anyName("number"), digits: fc.stringMatching(/^\d{1,15}$/) }),
  turn: fc.record({
    name: anyName("turn"),
    to: fc.oneof(fc.constantFrom("next", "prev", "refresh", "back"), fc.integer({ min: 1, max: 999 })),
  }),
  smallTalk: fc.record({ name: anyName("smallTalk"), says: fc.constantFrom("yes", "no", "thanks") }),
  find: fc.record({ name: anyName("find"), filter, more: fc.boolean() }),
  help: fc.record({ name: anyName("help"), topic: nastyText() }, { requiredKeys: ["name"] }),
  status: only("status"),
  allow: only("allow"),
  disallow: only("disallow"),
  trend: only("trend"),
  subpartners: only("subpartners"),
  summary: fc.record({ name: anyName("summary"), filter }),
  history: withRef("history"),
  subscribers: fc.oneof(
    fc.record(
      { name: anyName("subscribers"), ref: anyRef(), page: fc.integer({ min: 1, max: LAST_PAGE }) },
      { requiredKeys: ["name", "page"] },
    ),
    fc.record({ name: anyName("subscribers"), email: nastyText(), page: fc.integer({ min: 1, max: LAST_PAGE }) }),
  ),
  changes: anySinceCommand("changes", DEFAULT_SINCE),
  export: fc.record({ name: anyName("export"), filter, sort: anySort() }, { requiredKeys: ["name", "filter"] }),
  use: fc.record({ name: anyName("use"), subpartner: fc.oneof(fc.constant("all"), nastyText()) }),
  watch: fc.record({
    name: anyName("watch"),
    filter,
    options: fc.oneof(
      anySwitches(),
      fc.tuple(anySwitches(), anyAddress()).map(([switches, escalate]) => ({ ...switches, escalate })),
    ),
    confirmed: fc.boolean(),
  }),
  watches: only("watches"),
  allWatches: fc.record({ name: anyName("allWatches"), page: fc.integer({ min: 1, max: LAST_PAGE }) }),
  unwatch: numbered("unwatch"),
  alerts: fc
    .record(
      {
        name: anyName("alerts"),
        filter,
        page: fc.integer({ min: 1, max: 99 }),
        everywhere: fc.constant(true as const),
        over: anySpan(),
        from: anyClock(),
      },
      { requiredKeys: ["name", "filter", "page"] },
    )
    .map((command) => (command.from === undefined ? command : { ...command, over: DEFAULT_SINCE })),
  ack: fc.oneof(
    fc.record(
      { name: anyName("ack"), alerts: anyAcked(), note: nastyText(), durationMs: anySpan() },
      { requiredKeys: ["name", "alerts"] },
    ),
    fc.record({ name: anyName("ack"), alerts: anyAcked(), until: anyEnd(), note: nastyText() }),
  ),
  alert: numbered("alert"),
  code: fc.record({ name: fc.constant("code" as const), code: fc.nat() }, { requiredKeys: ["name"] }),
  unack: fc.record({ name: anyName("unack"), alerts: anyNumbers() }),
  mute: anyMute(filter),
  mutes: only("mutes"),
  unmute: numbered("unmute"),
  follow: withRef("follow"),
  unfollow: withRef("unfollow"),
  digest: fc.record({ name: anyName("digest"), schedule: anySchedule() }),
  timezone: fc.record(
    { name: anyName("timezone"), zone: fc.constantFrom("off", "UTC", ...Intl.supportedValuesOf("timeZone")) },
    { requiredKeys: ["name"] },
  ),
  handover: anySinceCommand("handover", 12 * 3_600_000),
  verify: only("verify"),
  outbox: fc.record({ name: anyName("outbox"), sendsAgain: fc.boolean() }),
  confirm: only("confirm"),
  drill: only("drill"),
  forget: fc.record(
    { name: anyName("forget"), person: nastyText(), confirmed: fc.boolean() },
    { requiredKeys: ["name", "confirmed"] },
  ),
  audit: fc.record(
    {
      name: anyName("audit"),
      terms: fc.array(anyAuditTerm(), { maxLength: 4 }),
      since: fc.oneof(fc.constantFrom("2026-11-01", "2026-11-01T08:30Z"), anySpan().map(formatSince)),
      page: fc.integer({ min: 1, max: LAST_PAGE }),
      upTo: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      isFile: fc.constant(true as const),
    },
    { requiredKeys: ["name", "terms", "page"] },
  ),
};

function anyAuditTerm(): fc.Arbitrary<AuditTerm> {
  const negated = fc.boolean();
  const some = (texts: fc.Arbitrary<string>, prefix: fc.Arbitrary<boolean>) =>
    fc.array(fc.record({ text: texts, prefix }), { minLength: 1, maxLength: 3 });
  const never = fc.constant(false);
  return fc.oneof(
    fc.record({ field: fc.constant("who" as const), negated, values: some(nastyText(), fc.boolean()) }),
    fc.record({
      field: fc.constant("command" as const),
      negated,
      values: some(fc.constantFrom("watch", "ack"), fc.boolean()),
    }),
    fc.record({
      field: fc.constant("outcome" as const),
      negated,
      values: some(fc.constantFrom(...AUDIT_OUTCOMES), never),
    }),
  );
}

export function anyCommand(): fc.Arbitrary<Command> {
  return fc.oneof(...(Object.values(ARBITRARIES) as readonly fc.Arbitrary<Command>[]));
}

function anySinceCommand<N extends "changes" | "handover">(name: N, usual: number) {
  return fc.oneof(
    fc.record({ name: anyName(name), since: anySpan() }),
    fc.record({ name: anyName(name), since: fc.constant(usual), from: anyClock() }),
  );
}

function anyAcked() {
  return fc.oneof(fc.constant("all" as const), anyNumbers());
}

/** A time by the clock of the space that is in the future. */
function anyEnd(): fc.Arbitrary<string> {
  return fc.constantFrom("08:00", "tomorrow", "tomorrow 18:30", "friday", "monday 08:00", "today 23:00");
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
  const name = fc.constant("mute" as const);
  return fc.oneof(
    fc.record({ name, target, durationMs: span, because: nastyText() }),
    fc.record({ name, target, durationMs: fc.constant(MAX_MUTE_MS), until: anyEnd(), because: nastyText() }),
    fc.record({ name, durationMs: span, because: nastyText() }, { requiredKeys: ["name", "durationMs"] }),
  );
}

function textTerm(text: string): Term {
  return { field: "text", negated: false, values: [{ text, prefix: false }] };
}

function anySchedule() {
  const clock = fc.tuple(fc.nat(23), fc.nat(59));
  const time = clock.map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
  const zone = fc.constantFrom("UTC", ...Intl.supportedValuesOf("timeZone"));
  const schedule = fc.record({ time, zone }, { requiredKeys: ["time"] });
  return fc.oneof(fc.constantFrom("off" as const, "show" as const), schedule);
}

/** Of an alert, a watch or a mute. */
function anyNumber(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 999_999_999 }));
}

/** Alone, or some in a row. */
function anyNumbers(): fc.Arbitrary<number[]> {
  const row = fc.tuple(fc.integer({ min: 1, max: 999_990_000 }), fc.integer({ min: 1, max: 2_100 }));
  const rows = row.map(([first, count]) => Array.from({ length: count }, (_, i) => first + i));
  return fc.oneof(
    fc.uniqueArray(anyNumber(), { maxLength: 4 }),
    fc.tuple(fc.uniqueArray(anyNumber(), { maxLength: 2 }), rows).map((parts) => [...new Set(parts.flat())]),
  );
}

function anySort(): fc.Arbitrary<string> {
  return fc.constantFrom(...SORT_FIELDS.flatMap((field) => [field, `-${field}`]));
}
