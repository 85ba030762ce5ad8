import type { Person } from "./people.ts";
import type { World } from "./world.ts";

/** The sender of an API call. A Wholesale token belongs to the admin, who authorised the integration. */
export interface Caller {
  readonly kind: "bot" | "wholesale" | "person";
  readonly person: Person;
}

/** Undefined without a valid token. */
export function authenticate({ people, tokens }: World, authorization: string | undefined): Caller | undefined {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  if (tokens.accepts(token)) return { kind: "wholesale", person: people.admin };
  const person = people.byToken(token);
  return person && { kind: person.role === "bot" ? "bot" : "person", person };
}

export function callerLabel(caller: Caller | undefined): string {
  if (!caller) return "nobody";
  return caller.kind === "person" ? caller.person.displayName : caller.kind;
}
