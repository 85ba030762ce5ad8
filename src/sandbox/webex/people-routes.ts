import { type HttpRequest, httpError, ok, paginate } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { World } from "../world/world.ts";

export function peopleRoutes({ people }: World): Routes<Caller> {
  return {
    "GET /people/me": (ask, { person }) => ok(presentPerson(person, ask)),
    "GET /people/:id": (ask) => {
      const person = people.byId(ask.id);
      if (!person) throw httpError(404, "The requested person could not be found.");
      return ok(presentPerson(person, ask));
    },
    "GET /people": (ask, { person }) => {
      const found = searchPeople(people.all, ask, person).map((one) => presentPerson(one, ask));
      const page = paginate(ask, found, { usual: 100, most: 1000 });
      const notFoundIds = askedIds(ask).filter((id) => people.byId(id) === undefined);
      return notFoundIds.length === 0 ? page : { ...page, json: { ...Object(page.json), notFoundIds } };
    },
  };
}

/** Only administrators may list all people; others must give a filter. */
function searchPeople(all: readonly Person[], ask: HttpRequest, caller: Person): readonly Person[] {
  const email = ask.query.get("email")?.toLowerCase();
  const ids = askedIds(ask);
  const name = ask.query.get("displayName")?.toLowerCase();
  if (email === undefined && ids.length === 0 && name === undefined && caller.role !== "admin") {
    throw httpError(400, "Email, displayName, or id list must be specified.");
  }
  return all.filter(
    (person) =>
      (email === undefined || person.email === email) &&
      (ids.length === 0 || ids.includes(person.id)) &&
      (name === undefined || person.displayName.toLowerCase().startsWith(name)),
  );
}

const askedIds = ({ query }: HttpRequest): readonly string[] => query.get("id")?.split(",") ?? [];

function presentPerson({ id, email, displayName, orgId, role, created }: Person, { base }: HttpRequest) {
  const [firstName, lastName] = displayName.split(" ");
  return {
    id,
    emails: [email],
    displayName,
    nickName: firstName,
    firstName,
    ...(lastName !== undefined && { lastName }),
    avatar: new URL("/person.svg", base).href,
    orgId,
    created,
    type: role === "bot" ? "bot" : "person",
  };
}
