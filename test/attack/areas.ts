import { boundSpaces } from "./areas/bound-spaces.ts";
import { database } from "./areas/database.ts";
import { escalations } from "./areas/escalations.ts";
import { exportedFiles } from "./areas/exports.ts";
import { foreignHosts } from "./areas/foreign-hosts.ts";
import { guests } from "./areas/guests.ts";
import { injection } from "./areas/injection.ts";
import { lists } from "./areas/lists.ts";
import { monsters } from "./areas/monsters.ts";
import { oddAnswers } from "./areas/odd-answers.ts";
import { people } from "./areas/people.ts";
import { replays } from "./areas/replays.ts";
import { roles } from "./areas/roles.ts";
import { sandboxRoutes } from "./areas/sandbox-routes.ts";
import { secrets } from "./areas/secrets.ts";
import { signatures } from "./areas/signatures.ts";
import { starvation } from "./areas/starvation.ts";
import { stolenSecret } from "./areas/stolen-secret.ts";
import { strangers } from "./areas/strangers.ts";
import { waits } from "./areas/waits.ts";
import type { Area } from "./attack.ts";

export const AREAS: readonly Area[] = [
  signatures,
  stolenSecret,
  replays,
  guests,
  people,
  roles,
  boundSpaces,
  escalations,
  injection,
  exportedFiles,
  secrets,
  strangers,
  foreignHosts,
  waits,
  oddAnswers,
  starvation,
  monsters,
  lists,
  database,
  sandboxRoutes,
];
