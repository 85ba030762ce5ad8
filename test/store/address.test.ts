import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { readAddress, reportProtection } from "../../src/store/postgres-address.ts";

const SERVER = "postgres://bot:secret@db.example:5432/bot";

/** The `sslmode` of each attempt. */
const modes = (url: string) =>
  readAddress(url).attempts.map(({ connectionString }) => new URL(connectionString).searchParams.get("sslmode"));

function failure(url: string): Failure {
  try {
    readAddress(url);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error("The address was taken.");
}

test("an address without sslmode, as Heroku gives it, is never tried in plain text", () => {
  expect(modes(SERVER)).toEqual(["require"]);
  expect(modes("postgres://bot:secret@127.0.0.1.example.com/bot")).toEqual(["require"]);
  expect(modes("postgres://bot:secret@localhost.example.com/bot")).toEqual(["require"]);
  expect(modes("postgres://bot:secret@127.0.0.1/bot?host=db.example")).toEqual(["require"]);
  // Without a host, `pg` asks PGHOST.
  expect(modes("postgres:///bot")).toEqual(["require"]);
  expect(readAddress(SERVER).isDefault).toBe(true);
});

test.each(["127.0.0.1", "127.8.9.10:6432", "[::1]", "localhost", "LOCALHOST", "%2Fvar%2Frun%2Fpostgresql"])(
  "on this machine (%s) an address without sslmode is tried with TLS and then without",
  (host) => {
    expect(modes(`postgres://bot:secret@${host}/bot`)).toEqual(["require", "disable"]);
  },
);

test("an address that allows plain text by its sslmode is tried with TLS first", () => {
  expect(modes(`${SERVER}?sslmode=prefer`)).toEqual(["require", "disable"]);
  expect(modes(`${SERVER}?sslmode=allow`)).toEqual(["require", "disable"]);
});

test("an address that names its sslmode is tried in that way only", () => {
  for (const mode of ["disable", "require", "verify-full"]) {
    expect(modes(`${SERVER}?sslmode=${mode}`)).toEqual([mode]);
  }
  expect(modes(`${SERVER}?ssl=true`)).toEqual(["require"]);
  expect(modes(`${SERVER}?ssl=0`)).toEqual(["disable"]);
  expect(readAddress(`${SERVER}?sslmode=require`).isDefault).toBe(false);
  expect(modes(`${SERVER}?sslmode=no-verify`)).toEqual(["require"]);
  expect(modes(`${SERVER}?sslmode=verify-ca&sslrootcert=ca.pem`)).toEqual(["verify-ca"]);
});

test("the rest of an address stays as it was written", () => {
  const [attempt] = readAddress(`postgresql://b%40t:p%2Fw@[::1]:6543/bot?options=-c%20search_path%3Dx`).attempts;
  const url = new URL(attempt?.connectionString ?? "");
  expect(url.username + url.password + url.host + url.pathname).toBe("b%40tp%2Fw[::1]:6543/bot");
  expect(url.searchParams.get("options")).toBe("-c search_path=x");
});

test("what may be shown of an address is the server", () => {
  expect(readAddress(SERVER).server).toBe("db.example:5432");
  expect(readAddress("postgres:///bot?host=/var/run/postgresql").server).toBe("/var/run/postgresql");
});

test("an address of no PostgreSQL is refused with the form it should have, and is not repeated", () => {
  const slips = [
    "mysql://bot:secret@db.example/bot",
    "bot:secret@db",
    "postgres://bot:sec/ret@db",
    "postgres://b:secret%@db/b",
  ];
  for (const slip of slips) {
    const refused = failure(slip);
    expect(refused).toMatchObject({
      code: "store.address",
      hint: expect.stringContaining("postgres://user:password@"),
    });
    expect(inspect(refused)).not.toContain("sec");
  }
});

test("an sslmode that is unknown, or lacks its certificate, is refused with those that are", () => {
  expect(failure(`${SERVER}?sslmode=always`).hint).toContain("verify-full");
  expect(failure(`${SERVER}?sslmode=verify-ca`).hint).toContain("sslrootcert");
});

test.each([
  ["", ["info store.encrypted require not checked"]],
  ["?sslmode=verify-full", ["info store.encrypted verify-full checked"]],
  ["?sslmode=disable", ["warn store.plain_text disable "]],
  ["?sslmode=prefer", ["info store.encrypted require not checked", "warn store.plain_text disable "]],
])("the start says how a connection with %j to another machine is protected", (query, lines) => {
  const logged: string[] = [];
  const add =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void logged.push(`${level} ${event} ${fields.sslmode} ${fields.certificate ?? ""}`);
  const log = { info: add("info"), warn: add("warn") };
  const address = readAddress(`${SERVER}${query}`);
  for (const attempt of address.attempts) reportProtection(address, attempt, log);
  expect(logged).toEqual(lines);
  const here = readAddress("postgres://bot:secret@localhost/bot");
  for (const attempt of here.attempts) reportProtection(here, attempt, log);
  expect(logged).toEqual(lines);
});
