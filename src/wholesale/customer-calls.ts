import type { Scope } from "../domain/customers/sweep.ts";
import type { HttpCall, HttpResponse } from "../http.ts";

export interface ListParameters {
  readonly scope: Scope;
  readonly externalId?: string | undefined;
  readonly orgId?: string | undefined;
  readonly statuses: readonly string[];
  readonly offset: number;
  readonly max: number;
}

/**
 * One page of the list. Every page is asked for with all parameters: Webex is known to drop some from its links, and without
 * `onBehalfOfSubPartnerOrgId` the next page would hold the customers of others (PRODUCT 5).
 */
export function listCall({ scope, externalId, orgId, statuses, offset, max }: ListParameters): HttpCall {
  const query = { externalId, orgId, status: statuses, offset, max, ...onBehalfOf(scope) };
  return { method: "GET", path: "/wholesale/customers", query };
}

export function customerCall(id: string, scope: Scope): HttpCall {
  return { method: "GET", path: `/wholesale/customers/${encodeURIComponent(id)}`, query: onBehalfOf(scope) };
}

/** The same for a person, with the licence ids of the packages, for which support asks. */
export function customerWithLicensesCall(id: string, scope: Scope): HttpCall {
  const call = customerCall(id, scope);
  return { ...call, query: { ...call.query, includePackageLicenseInfo: "true" } };
}

/** The parameter with which a call is about one sub-partner alone. */
export function onBehalfOf(scope: Scope): { readonly onBehalfOfSubPartnerOrgId?: string } {
  return scope === "" ? {} : { onBehalfOfSubPartnerOrgId: scope };
}

/**
 * Where the list goes on after a page of `rows` rows from `offset` on: at the offset of the API's own link, of which nothing else
 * counts, or after these rows. Never before `offset`, so that a list cannot lead back.
 */
export function nextOffsetAfter(
  { nextPath }: HttpResponse,
  { offset, rows }: { offset: number; rows: number },
): number {
  const linked = nextPath === undefined ? "" : (new URL(nextPath, "http://link").searchParams.get("offset") ?? "");
  return /^\d{1,12}$/.test(linked) && Number(linked) > offset ? Number(linked) : offset + rows;
}
