import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { ERRORS } from "./specification.ts";

/** What people get wrong: the slip that the answer names, and the command it offers instead. */
const SLIPS: readonly (readonly [sent: string, named: string, offered: string])[] = [
  ["status=eror", "“eror”", "customers status=error"],
  ["status=eror,pendng page=2", "“eror”", "customers status=error,pending_rpl_review page=2"],
  ["customers in eror", "“eror”", "customers status=error"],
  ["find status=eror", "“eror”", "find status=error"],
  ["package=webex_caling", "“webex_caling”", "customers package=webex_calling"],
  ["package.status=provisoned", "“provisoned”", "customers package.status=provisioned"],
  ["stauts=error", "“stauts”", "customers status=error"],
  ["stauts=eror", "“stauts”", "customers status=error"],
  ["externlId=Abc city=Berlin", "“externlId”", "customers externalId=Abc city=Berlin"],
  ["stadt=Berlin", "“stadt”", "customers Berlin"],
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
  ["next", "“next”", "customers page=2"],
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
];

test.each(SLIPS)("%s", (sent, named, offered) => {
  expect(parse(sent, { distance })).toMatchObject({
    ok: false,
    problem: expect.stringContaining(named),
    suggestion: offered,
  });
});

describe("a command of a later version is named as such, and the nearest one of today is offered", () => {
  test.each([
    ["watch package=calling", "watch", "customers package=webex_calling"],
    ["watches", "watches", ERRORS],
    ["unwatch 1", "unwatch", ERRORS],
    ["alerts", "alerts", ERRORS],
    ["ack 3 on it", "ack", ERRORS],
    ['mute code=2560 for=2h because="maintenance"', "mute", ERRORS],
    ["mutes", "mutes", ERRORS],
    ["unmute 1", "unmute", ERRORS],
    ["follow acme", "follow", "customer acme"],
    ["digest daily 09:00 Europe/Berlin", "digest", ERRORS],
    ["handover", "handover", ERRORS],
    ["verify", "verify", "status"],
    ["drill", "drill", "status"],
    ["audit since=2d", "audit", "help"],
    ["watch: status=error", "watch", "customers status=error"],
    ["show watches", "watches", ERRORS],
  ])("%s", (sent, named, offered) => {
    expect(parse(sent, { distance })).toMatchObject({
      ok: false,
      problem: `“${named}” is not in this version yet.`,
      suggestion: offered,
    });
  });
});

test("a value that looks mistyped is taken as it is in quotes, and the hint says so", () => {
  const misread = parse("status=eror", { distance });
  expect(misread).toMatchObject({ hint: expect.stringContaining('status="eror"') });
  expect(parse('status="eror"', { distance })).toMatchObject({
    ok: true,
    command: { filter: [{ field: "status", values: [{ text: "eror", prefix: false }] }] },
  });
});

test("a slip is quoted in part when it is long", () => {
  const parsed = parse(`${"x".repeat(20)}=${"y".repeat(5_000)} sort=${"z".repeat(5_000)}`, { distance });
  expect(parsed).toMatchObject({ ok: false });
  if (!parsed.ok) expect(`${parsed.problem}${parsed.hint}`.length).toBeLessThan(400);
});
