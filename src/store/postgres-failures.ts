import { Failure } from "../errors.ts";
import { type Cure, conflictBy, failureBy } from "./cures.ts";

/** What `pg` says when the server answers a TLS greeting with "no". */
export const NO_TLS = "The server does not support SSL connections";

/** What PostgreSQL, `pg` or the network said, as a failure with its cure. */
export const postgresFailure = (cause: unknown, server: string): Failure =>
  cause instanceof Failure ? cause : failureBy(CURES, codeOf(cause), server, cause);

/** The search path names no schema that exists, so there is nowhere to put a table. */
export const missingSchema = (): Failure =>
  new Failure(
    "store.noSchema",
    "No schema on this user's search_path exists in the database.",
    "Create it, or set the search_path of the user in DATABASE_URL.",
  );

/** By SQLSTATE codes, Node's system errors, and `pg`'s own sentences, which have no code. */
const CURES: readonly Cure[] = [
  conflictBy(/^23505$/),
  {
    codes: /^28/,
    code: "store.login",
    what: (server, code) => `PostgreSQL at ${server} refused the login (${code}).`,
    fix: "Check user and password in DATABASE_URL, and its sslmode if the server lets nobody in without TLS.",
  },
  {
    codes: /^3D000$/,
    code: "store.noDatabase",
    what: (server) => `PostgreSQL at ${server} has no database of the name in DATABASE_URL.`,
    fix: "Create the database, or correct the last part of DATABASE_URL.",
  },
  {
    codes: /^42501$/,
    code: "store.rights",
    what: () => "PostgreSQL did not let the user in DATABASE_URL do that (42501).",
    fix: "Make the user the owner of the database, or grant it CREATE and USAGE on its schema.",
  },
  {
    codes: /^(53100|58030)$/,
    code: "store.full",
    what: (server) => `The disk of PostgreSQL at ${server} is full or failing.`,
    fix: "Free some space there; the bot goes on by itself.",
    passing: true,
  },
  {
    codes: /^53/,
    code: "store.busy",
    what: (server, code) => `PostgreSQL at ${server} has no room for another connection (${code}).`,
    fix: "Raise its connection limit, or run fewer instances: each takes up to 8.",
    passing: true,
  },
  {
    codes: /^(57014|55P03|Query read timeout)/,
    code: "store.slow",
    what: (server) => `PostgreSQL at ${server} took too long.`,
    fix: "Look for locks and load on the server; the bot tries again.",
    passing: true,
  },
  {
    codes: /^(40|25006)/,
    code: "store.retry",
    what: (server, code) => `PostgreSQL at ${server} could not take the change just now (${code}).`,
    fix: "Try again; if it goes on, check that DATABASE_URL names the primary server.",
    passing: true,
  },
  {
    codes: /^08P01$/,
    code: "store.pooler",
    what: (server) => `${server} does not speak all of PostgreSQL's protocol (08P01).`,
    fix: "If it is a transaction pooler, use the address of the database itself, or session pooling.",
  },
  {
    codes:
      /^(08|57P|E(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE|NOTFOUND|AI_AGAIN)|ENOENT connect|timeout|Connection|Client)/,
    code: "store.unreachable",
    what: (server, code) => `PostgreSQL at ${server} does not answer (${code}).`,
    fix: "Check host and port in DATABASE_URL, and that the server is up and reachable from here.",
    passing: true,
  },
  {
    codes: /(CERT|SSL|TLS|ENOENT open)/i,
    code: "store.tls",
    what: (server, code) => `No TLS connection to PostgreSQL at ${server} (${code}).`,
    fix: "Check sslmode and sslrootcert in DATABASE_URL: sslmode=require skips the certificate, sslmode=disable skips TLS.",
  },
];

/** A code, or for pg's own errors the sentence. Never PostgreSQL's sentence, which may quote what was stored. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  // Node tries every address of a host, and gathers the refusals.
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  if (!("code" in cause) || typeof cause.code !== "string") return cause.message;
  if (cause.code === "ENOENT" && "syscall" in cause) return `ENOENT ${cause.syscall}`;
  return cause.code;
}
