import { type HttpRequest, httpError, ok, paginate } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { World } from "../world/world.ts";

export function peopleRoutes({ people }: World): Routes<Caller> {
  return {
    "GET /people/me": (_, { person }) => ok(presentPerson(person)),
    "GET /people/:id": ({ id }) => {
      const person = people.byId(id);
      if (!person) throw httpError(404, "The requested person could not be found.");
      return ok(presentPerson(person));
    },
    "GET /people": (ask) => paginate(ask, searchPeople(people.all, ask).map(presentPerson), { usual: 100, most: 1000 }),
  };
}

/** Only administrators may list all people; others must give a filter. */
function searchPeople(all: readonly Person[], { query }: HttpRequest): readonly Person[] {
  const email = query.get("email")?.toLowerCase();
  const ids = query.get("id")?.split(",");
  const name = query.get("displayName")?.toLowerCase();
  if (email === undefined && ids === undefined && name === undefined) {
    throw httpError(400, "Email, displayName, or id list must be specified.");
  }
  return all.filter(
    (person) =>
      (email === undefined || person.email === email) &&
      (ids === undefined || ids.includes(person.id)) &&
      (name === undefined || person.displayName.toLowerCase().startsWith(name)),
  );
}

function presentPerson({ id, email, displayName, orgId, role, created }: Person) {
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
