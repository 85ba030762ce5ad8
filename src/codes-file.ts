import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ErrorCode, ErrorCodes } from "./domain/alerts/error-codes.ts";
import { Failure } from "./errors.ts";

const OWNERS = ["us", "customer", "Cisco"] as const satisfies readonly ErrorCode["owner"][];
const RETRIES = ["yes", "no", "later"] as const satisfies readonly ErrorCode["retry"][];

/** Characters of a text: what is longer is cut on a card. */
const LONGEST = 500;

const sentence = (hint: string) =>
  z.string({ error: hint }).trim().min(1, hint).max(LONGEST, `Use ${LONGEST} characters at most.`);

const ENTRY: z.ZodType<ErrorCode> = z.strictObject(
  {
    meaning: sentence("Say what the code means."),
    owner: z.enum(OWNERS, { error: `Say whose turn it is: ${OWNERS.join(", ")}.` }),
    next: sentence("Say what to try next."),
    retry: z.enum(RETRIES, { error: `Say if the same order helps when it is sent again: ${RETRIES.join(", ")}.` }),
    link: z.url({ protocol: /^https$/, error: "Use an https address, or leave it out." }).optional(),
    source: sentence("Say where this is known from."),
  },
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `Leave out ${keys?.join(", ")}: an entry has meaning, owner, next, retry, link and source.`
        : "An entry is an object with meaning, owner, next, retry, source, and perhaps link.",
  },
);

const CODES = z.record(z.string().regex(/^(?:0|[1-9]\d{0,9})$/, "is no error code"), ENTRY, {
  error: ({ code }) =>
    code === "invalid_key"
      ? "Is no error code: use the digits that the API sends."
      : "Write one object: its keys are codes, its values say what they mean.",
});

interface CodesRead {
  readonly codes: ErrorCodes;
  /** All at once; the codes are empty then. */
  readonly problems: readonly string[];
}

/** Reads what a file says of error codes: `cards/codes.json`, or the file of `CODES_FILE`. */
export function parseCodes(text: string): CodesRead {
  const json = parseJson(text);
  if (json === undefined) return { codes: new Map(), problems: ["The file is not JSON."] };
  const read = CODES.safeParse(json);
  if (!read.success) return { codes: new Map(), problems: read.error.issues.map(explain) };
  return { codes: new Map(Object.entries(read.data).map(([code, entry]) => [Number(code), entry])), problems: [] };
}

/** The entries that the bot comes with, and over them the operator's own. Throws a `Failure` that names what is wrong with a file. */
export function readKnownCodes(file: string, own: ErrorCodes): ErrorCodes {
  const { codes, problems } = parseCodes(readFileSync(file, "utf8"));
  if (problems.length === 0) return new Map([...codes, ...own]);
  throw new Failure("cards.broken", `${file}: ${problems.join(" ")}`, "Correct it, or restore the delivered version.");
}

/** `2560.owner: Say whose turn it is: us, customer, Cisco.` */
function explain({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
