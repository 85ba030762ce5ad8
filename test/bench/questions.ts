import { parseFormatted } from "../../src/domain/commands/parse.ts";
import type { Snapshot } from "../../src/domain/ports/snapshot.ts";
import { sorted } from "./quantile.ts";

/** Ids that are there: of some customers, and of some that changed lately. */
export interface QuestionIds {
  readonly externalIds: readonly string[];
  readonly changedIds: readonly string[];
}

/** How long questions of one kind took, in milliseconds, in order of length. */
export interface QuestionTimes {
  readonly kind: string;
  readonly times: readonly number[];
}

type Wording = (nth: number, cast: QuestionIds) => string;

const PACKAGES = ["webex_calling", "webex_suite", "webex_voice", "webex_meetings", "cx_premium_agent"];
const CODES = ["2560", "10022", "92101", "92102", "92103", "92104", "92105"];
const COUNTRIES = ["US", "DE", "GB", "CA", "FR", "PT", "AU"];
const WORDS = ["riverbend", "dental", "hotels gmbh", "münchen", "salt lake", "veterinary", "nobody-has-this"];
const PREFIXES = ["riverbend", "mv-01", "cust_00", "den", "700123"];

const at = (list: readonly string[], nth: number): string => list[nth % list.length] ?? "";

/** The questions of a support team, 50 times each: twenty kinds make a thousand. */
const QUESTIONS: Readonly<Record<string, Wording>> = {
  "several statuses": (n) => `customers status=${n % 2 ? "error,deleting" : "error,provisioned_with_errors"}`,
  "status, newest change first": (n) => `customers status=error sort=-changed page=${1 + (n % 5)}`,
  "package and its status": (n) => `customers package=${at(PACKAGES, n)} package.status=error`,
  "package status": (n) => `customers package.status=${n % 2 ? "error" : "provisioning"} page=${1 + (n % 9)}`,
  code: (n) => `customers code=${at(CODES, n)} page=${1 + (n % 3)}`,
  "package, status, code, country": (n) =>
    `customers package=${at(PACKAGES, n)} package.status=error code=${at(CODES, n)} country=${at(COUNTRIES, n)}`,
  "free words": (n) => `customers "${at(WORDS, n)}"`,
  "free word and status": (n) => `customers "${at(WORDS, n)}" status=error`,
  "beginning of a word": (n) => `customers ${at(PREFIXES, n)}*`,
  "beginning of an external id": (n) => `customers externalId=MV-0${10 + n}*`,
  country: (n) => `customers country=${at(COUNTRIES, n)}`,
  "country and status, by city": (n) => `customers country=${at(COUNTRIES, n)} status=error sort=city`,
  "not a status": (n) => `customers status!=provisioned page=${1 + 20 * n}`,
  "not a package": (n) => `customers package!=${at(PACKAGES, n)} sort=externalId`,
  "deep page of all": (n) => `customers sort=${n % 2 ? "name" : "-changed"} page=${1 + 199 * n}`,
  "changed since": (n) => `customers since=${1 + n}h`,
  "one customer": (n, { externalIds }) => `customer ${at(externalIds, n)}`,
  "history of one": (n, { changedIds }) => `history ${at(changedIds, n)}`,
  "changes of all": (n) => `changes since=${1 + n}h`,
  summary: (n) => ["summary", `summary country=${at(COUNTRIES, n)}`, "summary status=error"][n % 3] ?? "",
};

/** Asks all of them, one after the other, mixed as they come in life. */
export async function askAll(snapshot: Snapshot, cast: QuestionIds): Promise<readonly QuestionTimes[]> {
  const times = new Map<string, number[]>();
  for (let nth = 0; nth < 50; nth += 1) {
    for (const [kind, wording] of Object.entries(QUESTIONS)) {
      const text = wording(nth, cast);
      const begun = performance.now();
      await ask(snapshot, text);
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - begun]);
    }
  }
  return [...times].map(([kind, all]) => ({ kind, times: sorted(all) }));
}

/** One question as the replies put it to the snapshot, the age that stands on every card included. */
async function ask(snapshot: Snapshot, text: string): Promise<unknown> {
  const command = parseFormatted(text);
  await snapshot.age("");
  switch (command?.name) {
    case "customers": {
      const { filter, sort, page, max } = command;
      const shown = { offset: (page - 1) * max, max, now: Date.now() };
      return snapshot.find("", { filter, ...(sort !== undefined && { sort }), ...shown });
    }
    case "customer":
      return snapshot.get("", idIn(command.ref));
    case "history":
      return snapshot.history("", { customerId: idIn(command.ref), max: 21 });
    case "changes":
      return snapshot.history("", { since: Date.now() - command.since, max: 21 });
    case "summary":
      return snapshot.summary("", command.filter, Date.now());
    default:
      throw new Error(`This bench does not know how to ask: ${text}`);
  }
}

const idIn = (ref: object | undefined): string => (ref && "value" in ref ? String(ref.value) : "");
