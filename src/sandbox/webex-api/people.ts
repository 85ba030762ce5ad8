import type { Caller } from "../callers.ts";
import { type Ask, ok, pageOf, refuse } from "../exchange.ts";
import type { Person } from "../people.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";

export function peopleRoutes({ people }: World): Routes<Caller> {
  return {
    "GET /people/me": (_, { person }) => ok(present(person)),
    "GET /people/:id": ({ id }) => {
      const person = people.byId(id);
      if (!person) throw refuse(404, "The requested person could not be found.");
      return ok(present(person));
    },
    "GET /people": (ask) => pageOf(ask, select(people.all, ask).map(present), { usual: 100, most: 1000 }),
  };
}

/** Only administrators may list everybody; others must say whom they look for. */
function select(all: readonly Person[], { query }: Ask): readonly Person[] {
  const email = query.get("email")?.toLowerCase();
  const ids = query.get("id")?.split(",");
  const name = query.get("displayName")?.toLowerCase();
  if (email === undefined && ids === undefined && name === undefined) {
    throw refuse(400, "Email, displayName, or id list must be specified.");
  }
  return all.filter(
    (person) =>
      (email === undefined || person.email === email) &&
      (ids === undefined || ids.includes(person.id)) &&
      (name === undefined || person.displayName.toLowerCase().startsWith(name)),
  );
}

function present({ id, email, displayName, orgId, role, created }: Person) {
  const [firstName, lastName] = displayName.split(" ");
  return {
    id,
    emails: [email],
    displayName,
    nickName: firstName,
    firstName,
    ...(lastName !== undefined && { lastName }),
    orgId,
    created,
    type: role === "bot" ? "bot" : "person",
  };
}
