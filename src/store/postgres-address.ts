import type { Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";

/** A PostgreSQL server, and how to reach it. */
export interface PostgresAddress {
  /** Host and port: safe to show. */
  readonly server: string;
  /** How to connect, to be tried in this order; only TLS differs. */
  readonly attempts: readonly Attempt[];
  /** True if the server is this machine: nobody can listen in between. */
  readonly isLoopback: boolean;
  /** True if DATABASE_URL says nothing about TLS. */
  readonly isDefault: boolean;
}

export interface Attempt {
  readonly connectionString: string;
  readonly sslmode: Exclude<SslMode, "prefer">;
}

const ADDRESS_FORMAT =
  "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.";

/**
 * Reads DATABASE_URL. `sslmode` has the meaning that libpq gives it (docs/database.md). Without it, it is `require`:
 * never plain text to another machine. On this machine it is `prefer`: TLS if the server has it.
 * Throws `store.address`, without the address in the message, as it contains a password.
 */
export function readAddress(databaseUrl: string): PostgresAddress {
  const url = readUrl(databaseUrl);
  const server = url.searchParams.get("host") ?? url.host;
  const isLoopback = isThisMachine(url.searchParams.get("host") ?? url.hostname);
  const given = readSslMode(url);
  const mode = given ?? (isLoopback ? "prefer" : "require");
  const modes = mode === "prefer" ? (["require", "disable"] as const) : [mode];
  const attempts = modes.map((sslmode) => ({ sslmode, connectionString: withSslMode(url, sslmode) }));
  return { server, attempts, isLoopback, isDefault: given === undefined };
}

/** A host that begins with a slash is the folder of a Unix socket. Without a host, `pg` asks PGHOST, which may be any. */
const isThisMachine = (host: string): boolean =>
  /^(\/|localhost$|127(\.\d{1,3}){3}$|\[?::1\]?$)/i.test(decodeURIComponent(host));

function readUrl(databaseUrl: string): URL {
  try {
    const url = new URL(databaseUrl);
    // A wrong "%" in a password would otherwise fail much later, with another message.
    decodeURIComponent(url.username + url.password + url.hostname);
    if (url.protocol === "postgres:" || url.protocol === "postgresql:") return url;
  } catch {
    // Reported below without the cause, which quotes the address and its password.
  }
  throw new Failure("store.address", "DATABASE_URL is not a PostgreSQL address.", ADDRESS_FORMAT);
}

type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  // Of other drivers, not of libpq.
  "no-verify": "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

/** `ssl`, of other drivers. */
const SSL_SWITCH: Readonly<Record<string, SslMode>> = { true: "require", 1: "require", false: "disable", 0: "disable" };

/** Undefined where DATABASE_URL does not say. */
function readSslMode({ searchParams }: URL): SslMode | undefined {
  const sslmode = searchParams.get("sslmode");
  if (sslmode === null) return SSL_SWITCH[searchParams.get("ssl") ?? ""];
  const mode = SSL_MODES[sslmode];
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
      "DATABASE_URL has sslmode=verify-ca without a certificate to verify with.",
      "Add sslrootcert=<file>, or use sslmode=verify-full.",
    );
  }
  return mode;
}

function withSslMode(url: URL, sslmode: string): string {
  const address = new URL(url);
  address.searchParams.delete("ssl");
  address.searchParams.set("sslmode", sslmode);
  // Without this, pg treats every mode except "disable" as verify-full.
  address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}

export type ConnectionLog = Pick<Log, "info" | "warn">;

/** Logs how a connection to another machine is protected; a warning if it is not. */
export function reportProtection(address: PostgresAddress, { sslmode }: Attempt, log?: ConnectionLog): void {
  const { server, isLoopback, isDefault } = address;
  if (isLoopback) return;
  if (sslmode !== "disable")
    log?.info("store.encrypted", { server, sslmode, isDefault, certificate: CHECKED[sslmode] });
  else log?.warn("store.plain_text", { server, sslmode, hint: PLAIN_TEXT_HINT });
}

const CHECKED = { require: "not checked", "verify-ca": "checked without its name", "verify-full": "checked" } as const;

const PLAIN_TEXT_HINT =
  "Password and customer data cross the network in plain text, as sslmode in DATABASE_URL allows. Use sslmode=require, unless nobody else is on that network.";
