import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { readAddress } from "../../src/store/postgres.ts";

const SERVER = "postgres://bot:secret@db.example:5432/bot";

/** The `sslmode` of each attempt. */
const modes = (url: string) =>
  readAddress(url).connectionStrings.map((each) => new URL(each).searchParams.get("sslmode"));

function failure(url: string): Failure {
  try {
    readAddress(url);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error("The address was taken.");
}

test("an address without sslmode, as Heroku gives it, is tried with TLS and then without", () => {
  expect(modes(SERVER)).toEqual(["require", "disable"]);
  expect(modes(`${SERVER}?sslmode=prefer`)).toEqual(["require", "disable"]);
});

test("an address that names its sslmode is tried in that way only", () => {
  for (const mode of ["disable", "require", "verify-full"]) {
    expect(modes(`${SERVER}?sslmode=${mode}`)).toEqual([mode]);
  }
  expect(modes(`${SERVER}?ssl=true`)).toEqual(["require"]);
  expect(modes(`${SERVER}?sslmode=no-verify`)).toEqual(["require"]);
  expect(modes(`${SERVER}?sslmode=verify-ca&sslrootcert=ca.pem`)).toEqual(["verify-ca"]);
});

test("the rest of an address stays as it was written", () => {
  const [attempt = ""] = readAddress(
    `postgresql://b%40t:p%2Fw@[::1]:6543/bot?options=-c%20search_path%3Dx`,
  ).connectionStrings;
  const url = new URL(attempt);
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
