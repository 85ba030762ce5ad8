import { fileURLToPath } from "node:url";
import { distance } from "fastest-levenshtein";
import { type Answers, createAnswers } from "./bot/answer.ts";
import { createGuests } from "./bot/guests.ts";
import { createRefresh } from "./bot/refresh.ts";
import { createShow } from "./bot/show.ts";
import { lint } from "./cards/lint.ts";
import { createRender } from "./cards/render.ts";
import { createDraw } from "./chart/draw.ts";
import type { Config } from "./config.ts";
import type { Policy } from "./domain/access.ts";
import type { Clock, Log, Store } from "./domain/ports.ts";
import { createCsv } from "./export/csv.ts";
import type { createHealth } from "./health.ts";
import type { WebexApi } from "./webex/api.ts";
import { createLookUp } from "./webex/hearing.ts";
import { createMessenger } from "./webex/messenger.ts";
import { createDirectory } from "./webex/people.ts";
import type { WebexPerson } from "./webex/wire.ts";
import { cacheSubpartners } from "./wholesale/subpartners.ts";
import type { WholesaleRoom } from "./wholesale/wholesale.ts";

const CARDS = fileURLToPath(new URL("../cards", import.meta.url));

interface AnsweringDeps {
  readonly config: Config;
  readonly store: Store;
  readonly api: WebexApi;
  readonly bot: WebexPerson;
  readonly speech: Speech;
  readonly wholesale: Pick<WholesaleRoom, "list" | "get" | "walk">;
  readonly health: ReturnType<typeof createHealth>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How the bot speaks in spaces, asked or not: who is there, what may be said, and how it looks. */
export type Speech = ReturnType<typeof wireSpeech>;

export function wireSpeech({
  config,
  store,
  api,
  bot,
  clock,
  log,
}: Omit<AnsweringDeps, "wholesale" | "health" | "speech">) {
  const policy: Policy = { ...config.access, homeOrgId: bot.orgId };
  const directory = createDirectory({ api, people: store.people, rooms: store.rooms, clock });
  const messenger = createMessenger({ api, log, render: createRender(CARDS), lint });
  return {
    policy,
    messenger,
    person: directory.person,
    guests: createGuests({ policy, members: directory.members, log }),
    refresh: createRefresh({ ...store, messenger, clock, log }),
  };
}

/** Wires what answers people: what they may see, where it comes from, and how it is shown. */
export function wireAnswers({ speech, ...deps }: AnsweringDeps): Answers {
  const { store, api, bot, wholesale, health, clock, log } = deps;
  return createAnswers({
    ...speech,
    rooms: store.rooms,
    sources: {
      wholesale,
      snapshot: store.snapshot,
      alerts: store.alerts,
      subpartners: cacheSubpartners(wholesale.walk, clock),
      draw: createDraw(),
      csv: createCsv(),
      health,
    },
    show: createShow({ ...store, messenger: speech.messenger, lookUp: createLookUp(api, bot), log }),
    distance,
    clock,
    log,
  });
}
