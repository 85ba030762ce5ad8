import { Failure } from "../errors.ts";

/** A PostgreSQL server, and how to reach it. */
export interface Address {
  /** Host and port: safe to show. */
  readonly server: string;
  /** Addresses for `pg`, to be tried in turn; only TLS differs. */
  readonly attempts: readonly string[];
}

const FORM =
  "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.";

/**
 * `sslmode` means here what it means to libpq. Left out (as Heroku, whose servers insist on TLS, leaves it out) it is `prefer`:
 * TLS where the server has it, without checking its certificate, else none. That keeps out listeners, not impostors;
 * `sslmode=verify-full` with `sslrootcert=<file>` keeps out both.
 */
export function readAddress(databaseUrl: string): Address {
  const url = readUrl(databaseUrl);
  const server = url.searchParams.get("host") ?? url.host;
  const mode = readMode(url);
  const modes = mode === "prefer" ? ["require", "disable"] : [mode];
  return { server, attempts: modes.map((sslmode) => withMode(url, sslmode)) };
}

function readUrl(databaseUrl: string): URL {
  try {
    const url = new URL(databaseUrl);
    // A stray "%" in a password would otherwise surface much later, and in other words.
    decodeURIComponent(url.username + url.password);
    if (url.protocol === "postgres:" || url.protocol === "postgresql:") return url;
  } catch {
    // Told below without the cause, which quotes the address and its password.
  }
  throw new Failure("store.address", "DATABASE_URL is not a PostgreSQL address.", FORM);
}

type Mode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

const MODES: Readonly<Record<string, Mode>> = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  // Not libpq's words, but those of other drivers, found in many an address.
  "no-verify": "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

function readMode({ searchParams }: URL): Mode {
  const ssl = searchParams.get("ssl");
  const said = searchParams.get("sslmode") ?? (ssl === "true" || ssl === "1" ? "require" : "prefer");
  const mode = MODES[said];
  if (mode === undefined) {
    throw new Failure(
      "store.address",
      "DATABASE_URL has an sslmode that is not known.",
      "Use one of: disable, prefer, require, verify-ca, verify-full.",
    );
  }
  if (mode === "verify-ca" && !searchParams.has("sslrootcert")) {
    throw new Failure(
      "store.address",
      "DATABASE_URL says sslmode=verify-ca without a certificate to verify by.",
      "Add sslrootcert=<file>, or use sslmode=verify-full.",
    );
  }
  return mode;
}

function withMode(url: URL, sslmode: string): string {
  const address = new URL(url);
  address.searchParams.delete("ssl");
  address.searchParams.set("sslmode", sslmode);
  // Without this, pg reads every mode but "disable" as verify-full.
  address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}
