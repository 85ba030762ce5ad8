import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { ERRORS } from "./specification.ts";

/** Mistakes: the part of the message that the answer names, and the command that it suggests. */
const MISTAKES: readonly (readonly [sent: string, named: string, offered: string])[] = [
  ["status=eror", "“eror”", "customers status=error"],
  ["status=eror,pendng page=2", "“eror”", "customers status=error,pending_rpl_review page=2"],
  ["customers in eror", "“eror”", "customers status=error"],
  ["find status=eror", "“eror”", "find status=error"],
  ["package=webex_caling", "“webex_caling”", "customers package=webex_calling"],
  ["package.status=provisoned", "“provisoned”", "customers package.status=provisioned"],
  ["stauts=error", "“stauts”", "customers status=error"],
  ["stauts=eror", "“stauts”", "customers status=error"],
  ["externlId=Abc city=Berlin", "“externlId”", "customers externalId=Abc city=Berlin"],
  ["lugar=Berlin", "“lugar”", "customers Berlin"],
  ["status= page=2", "“status=”", "customers page=2"],
  ["custmers", "“custmers”", "customers"],
  ["custmers in eror", "“custmers”", "customers status=error"],
  ["show me custmers in error", "“custmers”", "customers status=error"],
  ["hlep", "“hlep”", "help"],
  ["erors", "“erors”", ERRORS],
  ["eror", "“eror”", "customers status=error"],
  ["page=0", "“0”", "customers"],
  ["customers page=two status=error", "“two”", "customers status=error"],
  ["max=200", "“200”", "customers max=50"],
  ["max=-5", "“-5”", "customers max=1"],
  ["max=lots page=2", "“lots”", "customers page=2"],
  ["page=2,3", "“page”", "customers page=2"],
  ["sort=nmae", "“nmae”", "customers sort=name"],
  ["sort=-banana", "“-banana”", "customers"],
  ["fresh=perhaps", "“fresh=perhaps”", "customers fresh=yes"],
  ["customer status=error", "several customers", "customers status=error"],
  ["customer externalId=a,b", "several customers", "customers externalId=a,b"],
  ["customer acme*", "several customers", "customers acme*"],
  ["customer exteralId=5", "“exteralId”", "customer externalId=5"],
  ["customer 3 fresh=perhaps", "“fresh=perhaps”", "customer 3 fresh=yes"],
  ["allow", "“allow”", "allow space"],
  ["disallow acme", "“disallow”", "disallow space"],
  ["customers sort=zip", "“zip”", "customers"],
  ["since=soon", "“soon”", "customers since=1d"],
  ["customers since=2h*", "“2h”", "customers since=1d"],
  ["since=900d status=error", "“900d”", "customers since=1d status=error"],
  ["summary status=eror", "“eror”", "summary status=error"],
  ["export status=eror sort=nmae", "“eror”", "export status=error sort=name"],
  ["sumary", "“sumary”", "summary"],
  ["trend country=DE", "all customers", "summary country=DE"],
  ["changes since=soon", "“soon”", "changes"],
  ["changes since=2h status=error", "of all customers", "changes since=2h"],
  ["history status=error", "several customers", "customers status=error"],
  ["history exteralId=5", "“exteralId”", "history externalId=5"],
  ["use", "which sub-partner", "subpartners"],
  ["use country=DE", "and to nothing else", "customers country=DE"],
  ["wacth acme", "“wacth”", "watch acme"],
  ["alrts", "“alrts”", "alerts"],
  ["follow status=error", "several customers", "customers status=error"],
  ["follow exteralId=5", "“exteralId”", "follow externalId=5"],
];

const ALERT_MISTAKES: typeof MISTAKES = [
  ["watch status=eror stuck=yes confirm=yes", "“eror”", "watch status=error stuck=yes"],
  ["watch in eror", "“eror”", "watch"],
  ["watch stauts=error", "“stauts”", "watch status=error"],
  ["watch stcuk=yes", "“stcuk”", "watch stuck=yes"],
  ["watch stuck=perhaps acme confirm=yes", "“stuck=perhaps”", "watch acme stuck=yes"],
  ["watch warnings=", "“warnings=”", "watch warnings=yes"],
  ["watch acme confirm=perhaps", "“confirm=perhaps”", "watch acme"],
  ["watch acme escalate=joe", "“joe”", "watch acme"],
  ["watch escalate=a@b.io,c@d.io", "one person", "watch escalate=a@b.io"],
  ["watch customer=acme country=DE", "“customer”", "watch acme country=DE"],
  ["unwatch 2 3", "more than one", "unwatch 2"],
  ["alerts page=0", "“0”", "alerts"],
  ["alerts status=eror page=2", "“eror”", "alerts status=error page=2"],
  ["mute", "what to mute", "alerts"],
  ["mute for=soon", "“soon”", "mute for=2h"],
  ["mute errors for=2h because=x", "what to mute", 'mute all for=2h because="x"'],
  ["mute acme", "for how long", 'mute acme for=2h because="maintenance"'],
  ["mute acme because they moved", "for how long", 'mute acme for=2h because="they moved"'],
  ["mute acme for=soon because=x", "“soon”", 'mute acme for=2h because="x"'],
  ["mute acme for=8d because=x", "“8d”", 'mute acme for=1w because="x"'],
  ["mute acme for 900 days because x", "“900 days”", 'mute acme for=1w because="x"'],
  ["mute acme for=2h", "needs a reason", 'mute acme for=2h because="maintenance"'],
  ['mute 1042 for=2h because=""', "needs a reason", 'mute alert=1042 for=2h because="maintenance"'],
  ["mute status=eror for=2h because=x", "“eror”", 'mute status=error for=2h because="x"'],
  ["mute customer=acme for=2h because=x", "“customer”", 'mute acme for=2h because="x"'],
  ["mute 12 13 for=2h because=x", "one alert", 'mute alert=12 for=2h because="x"'],
  ["mute alert=12 country=DE for=2h because=x", "not about both", 'mute alert=12 for=2h because="x"'],
  ["mute alert=foo for=2h because=x", "“alert=foo”", 'mute foo for=2h because="x"'],
  ["unmute 2 3", "more than one", "unmute 2"],
  ["digest daily", "what time", "digest daily 09:00"],
  ["digest Europe/Berlin", "what time", "digest daily 09:00 Europe/Berlin"],
  ["digest 25:00 UTC", "“25:00”", "digest daily 09:00 UTC"],
  ["timezone europe/berln", "“europe/berln”", "timezone Europe/Berlin"],
  ["digest 13 pm", "“13pm”", "digest daily 09:00"],
  ["digest 9:00 Berln", "“Berln”", "digest daily 09:00 Europe/Berlin"],
  ["digest 9:00 europe/berln", "“europe/berln”", "digest daily 09:00 Europe/Berlin"],
  ["digest 9:00 utcc", "“utcc”", "digest daily 09:00 UTC"],
  ["digest 9:00 Mars/Phobos", "“Mars/Phobos”", "digest daily 09:00"],
  ["digest 9:00 +02:00", "“+02:00”", "digest daily 09:00"],
  ["digest 9:00 country=DE", "all alerts of this space", "digest daily 09:00"],
  ["handover since=soon", "“soon”", "handover since=1d"],
  ["handover country=DE since=8h", "all alerts of this space", "handover since=8h"],
];

test.each([...MISTAKES, ...ALERT_MISTAKES])("%s", (sent, named, offered) => {
  expect(parse(sent, { distance })).toMatchObject({
    ok: false,
    problem: expect.stringContaining(named),
    suggestion: offered,
  });
});

test.each(["watch foo=bar", "mute foo=bar for=2h because=x", `customers ${"a".repeat(3_000)}`])(
  "where nothing else was meant, nothing is offered: %s",
  (text) => {
    const parsed = parse(text, { distance });
    expect(parsed.ok).toBe(false);
    expect(parsed).not.toHaveProperty("suggestion");
  },
);

test("a value that looks mistyped means itself in quotes, and the hint shows that", () => {
  expect(parse("status=eror", { distance })).toMatchObject({ hint: expect.stringContaining('status="eror"') });
  expect(parse('status="eror"', { distance })).toMatchObject({
    ok: true,
    command: { filter: [{ field: "status", values: [{ text: "eror", prefix: false }] }] },
  });
});

test("a long mistake is quoted in part", () => {
  const parsed = parse(`${"x".repeat(20)}=${"y".repeat(5_000)} sort=${"z".repeat(5_000)}`, { distance });
  expect(parsed).toMatchObject({ ok: false });
  if (!parsed.ok) expect(`${parsed.problem}${parsed.hint}`.length).toBeLessThan(400);
});
