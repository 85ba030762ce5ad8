import { decodeId, uuidFromText, webexId } from "./webex-ids.ts";

export type Role = "bot" | "viewer" | "operator" | "admin" | "outsider";

export interface Person {
  readonly role: Role;
  readonly id: string;
  readonly displayName: string;
  readonly email: string;
  readonly orgId: string;
  /** The person's bearer token: the same at every start. */
  readonly token: string;
  /** The same in the form of a real one, from which Cisco's SDK takes the organisation. */
  readonly tokenWithOrg: string;
  readonly created: string;
}

export interface People {
  readonly all: readonly Person[];
  readonly providerName: string;
  readonly bot: Person;
  readonly admin: Person;
  byRole(role: Role): readonly Person[];
  byId(id: string): Person | undefined;
  byEmail(email: string): Person | undefined;
  byToken(token: string): Person | undefined;
}

/** The provider that runs the bot, and the company of the outsider. */
const ORGANIZATIONS = { home: "Meridian Voice", away: "Harbor Partners" } as const;

const SAMPLE_PEOPLE = {
  bot: { displayName: "Wholesale", email: "wholesale@webex.bot", org: "home" },
  viewer: { displayName: "Ana Lima", email: "ana.lima@meridian-voice.example", org: "home" },
  viewer2: { displayName: "Ben Okafor", email: "ben.okafor@meridian-voice.example", org: "home" },
  operator: { displayName: "Carla Jensen", email: "carla.jensen@meridian-voice.example", org: "home" },
  admin: { displayName: "David Mori", email: "david.mori@meridian-voice.example", org: "home" },
  outsider: { displayName: "Eve Laurent", email: "eve.laurent@harbor-partners.example", org: "away" },
} as const;

export function createPeople(seed: number): People {
  const createPerson = (name: keyof typeof SAMPLE_PEOPLE, role: Role): Person => {
    const { displayName, email, org } = SAMPLE_PEOPLE[name];
    const id = webexId("PEOPLE", uuidFromText(`${seed} person ${name}`));
    const orgId = webexId("ORGANIZATION", uuidFromText(`${seed} org ${ORGANIZATIONS[org]}`));
    const token = `sandbox-${name}-token`;
    return {
      role,
      id,
      displayName,
      email,
      orgId,
      token,
      tokenWithOrg: `${token}_P0A1_${decodeId(orgId)}`,
      created: "2024-02-01T09:00:00.000Z",
    };
  };
  const bot = createPerson("bot", "bot");
  const admin = createPerson("admin", "admin");
  const all = [
    bot,
    createPerson("viewer", "viewer"),
    createPerson("viewer2", "viewer"),
    createPerson("operator", "operator"),
    admin,
    createPerson("outsider", "outsider"),
  ];
  return {
    all,
    providerName: ORGANIZATIONS.home,
    bot,
    admin,
    byRole: (role) => all.filter((person) => person.role === role),
    byId: (id) => all.find((person) => person.id === id),
    byEmail: (email) => all.find((person) => person.email === email.toLowerCase()),
    byToken: (token) => all.find((person) => token === person.token || token === person.tokenWithOrg),
  };
}
