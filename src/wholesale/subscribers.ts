import { z } from "zod";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Subscriber, SubscriberPage, SubscriberQuery } from "../domain/ports/wholesale.ts";
import { onBehalfOf } from "./customer-calls.ts";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";
import { id, problemsOf, text, textOf, unexpectedAnswer, unparsed } from "./wire.ts";

const page = z.object({ items: z.array(z.unknown()) });
const subscriber = z.object({
  id,
  email: text,
  customerId: text,
  externalCustomerId: text,
  package: text,
  packages: z.array(z.unknown()).nullish().catch(null),
  status: text,
  errors: unparsed,
  warnings: unparsed,
});

/** One page of List Wholesale Subscribers. They are people, so nothing of it is kept, not even for the next question. */
export async function readSubscribers(
  request: AuthorizedRequest,
  { customerId, email, offset, max }: SubscriberQuery,
  scope: Scope,
): Promise<Omit<SubscriberPage, "readAt">> {
  const query = { customerId, email, offset, max, ...onBehalfOf(scope) };
  const response = await request({ method: "GET", path: "/wholesale/subscribers", query });
  if (response.status === 404) return { subscribers: [], unreadable: 0, hasMore: false };
  if (response.status >= 300) throw failureOf(response);
  const parsed = page.safeParse(response.json());
  if (!parsed.success) throw unexpectedAnswer("a list of subscribers");
  const rows = parsed.data.items.slice(0, max);
  const subscribers = rows.flatMap(subscriberOf);
  const isFull = parsed.data.items.length >= max;
  const hasMore = response.headers.link === undefined ? isFull : response.hasNext;
  return { subscribers, unreadable: rows.length - subscribers.length, hasMore };
}

function subscriberOf(row: unknown): readonly Subscriber[] {
  const parsed = subscriber.safeParse(row);
  if (!parsed.success) return [];
  const { email, customerId, externalCustomerId, status, errors, warnings } = parsed.data;
  const listed = (parsed.data.packages ?? []).flatMap((one) => textOf(one) ?? []);
  const single = textOf(parsed.data.package);
  const packages = listed.length > 0 || single === undefined ? listed : [single];
  return [
    {
      email: textOf(email) ?? "",
      customerId: textOf(customerId) ?? "",
      externalCustomerId: textOf(externalCustomerId) ?? "",
      packages,
      status: textOf(status) ?? "",
      problems: problemsOf({ errors, warnings }),
    },
  ];
}
