import { WHOLE_TOKEN } from "../../domain/customers/sweep.ts";
import { formatCount, formatDuration } from "../../domain/views/text.ts";
import { Failure } from "../../errors.ts";
import { readTokenExpiry, readTokenOwner } from "../../wholesale/about-token.ts";
import { failed, type Outcome, ok, skipped } from "../outcome.ts";
import type { Subject } from "../subject.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The owner of the token and its end, as far as Webex tells them. */
export async function checkWholesaleToken({ config, clock, database, wholesale }: Subject): Promise<Outcome> {
  const now = clock();
  const { request } = await wholesale();
  const owner = await readTokenOwner(request);
  const stored = await (await database()).store?.tokens.read();
  const expiresAt = stored?.expiresAt ?? (await readTokenExpiry(request));
  const whose = owner === undefined ? "accepted (Webex does not tell this token whose it is)" : `of ${owner}`;
  if (config.wholesale.auth.kind === "refresh")
    return ok(`${whose}; renewed by itself${endText(expiresAt, now, ", next in")}`);
  if (expiresAt === undefined) return ok(`${whose}; not renewed by itself`, RENEW);
  const finding = `${whose}; ends in ${formatDuration(expiresAt - now)}, and is not renewed by itself`;
  return expiresAt - now < DAY_MS ? failed(finding, RENEW) : ok(finding, RENEW);
}

const RENEW = "For one that renews itself: npm run doctor -- token";

const endText = (expiresAt: number | undefined, now: number, before: string): string =>
  expiresAt === undefined ? "" : `${before} ${formatDuration(Math.max(0, expiresAt - now))}`;

const FIRST = { statuses: [], offset: 0, max: 1 } as const;

export async function checkCustomers({ wholesale }: Subject): Promise<Outcome> {
  const { customers, unreadable } = await (await wholesale()).list(FIRST, { fresh: false });
  if (unreadable > 0)
    return failed(
      "the list answers, but its rows cannot be read",
      "Look for a newer version of this bot: the API has changed.",
    );
  if (customers.length > 0) return ok("can be listed (spark-admin:wholesale_customers_read)");
  return ok("can be listed, but there are none", "If there should be some: is the token of a partner administrator?");
}

export async function checkOneCustomer({ wholesale }: Subject): Promise<Outcome> {
  const api = await wholesale();
  const [first] = (await api.list(FIRST, { fresh: false })).customers;
  if (first === undefined) return skipped("there are no customers");
  const found = await api.get(first.id, { fresh: true, scope: WHOLE_TOKEN });
  return found === undefined
    ? failed("the list has a customer that cannot be found by its id", "If it happens again, report it to Webex.")
    : ok("can be read by its id");
}

export async function checkSubpartners({ wholesale }: Subject): Promise<Outcome> {
  const { crawl } = await wholesale();
  return unlessForbidden(
    async () => ok(`${formatCount((await crawl.subpartners()).length, "sub-partner")} can be listed`),
    ok(
      "may not be listed, so the commands subpartners and use do not work",
      "If you need them, authorise the scope spark-admin:wholesale_sub_partners_read as well.",
    ),
  );
}

export async function checkNames({ wholesale }: Subject, signal: AbortSignal): Promise<Outcome> {
  const api = await wholesale();
  const { customers } = await api.list(FIRST, { fresh: false });
  const [orgId] = customers.flatMap((customer) => customer.orgId ?? []);
  if (orgId === undefined) return skipped("no customer with an organisation is at hand");
  return unlessForbidden(
    async () => {
      await api.crawl.organisationName(orgId, signal);
      return ok("names of customers can be read (spark-admin:organizations_read)");
    },
    ok(
      "may not be read, so external ids stand for names",
      "If you want names, authorise the scope spark-admin:organizations_read as well.",
    ),
  );
}

async function unlessForbidden(check: () => Promise<Outcome>, otherwise: Outcome): Promise<Outcome> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Failure && error.code === "wholesale.forbidden") return otherwise;
    throw error;
  }
}
