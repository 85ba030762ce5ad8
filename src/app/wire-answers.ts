import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { type Answers, createAnswers } from "../bot/answer.ts";
import { createReplyDelivery } from "../bot/reply-delivery.ts";
import type { UnderWay } from "../bot/under-way.ts";
import { lint } from "../cards/lint/lint.ts";
import { createRender } from "../cards/render.ts";
import { createTrendChart } from "../chart.ts";
import { readKnownCodes } from "../codes-file.ts";
import type { Config } from "../config.ts";
import { writeAuditCsv, writeCsv } from "../csv.ts";
import { isGuest, type Policy } from "../domain/access.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import type { WebexStatus } from "../domain/webex-status.ts";
import type { createHealth } from "../health.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { WebexApi } from "../webex/api.ts";
import { createDirectory } from "../webex/directory.ts";
import { exists } from "../webex/failures.ts";
import { createGate } from "../webex/gate.ts";
import { createCardLookup } from "../webex/inbound.ts";
import type { WebexPerson } from "../webex/wire.ts";
import { createCachedSubpartners } from "../wholesale/organisations.ts";
import type { WholesaleApi } from "../wholesale/wholesale.ts";

const CARDS_DIRECTORY = join(PACKAGE_ROOT, "cards");

interface WireAnswersDeps {
  readonly underWay: UnderWay;
  readonly config: Config;
  readonly store: Store;
  readonly api: WebexApi;
  readonly bot: WebexPerson;
  readonly messaging: Messaging;
  readonly wholesale: Pick<WholesaleApi, "list" | "get" | "subscribers" | "crawl">;
  readonly health: ReturnType<typeof createHealth>;
  readonly webexStatus: () => WebexStatus | undefined;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: FaultLog;
}

/** Replies and notices share these: who is who, the gate, and what is known of error codes. */
export type Messaging = ReturnType<typeof wireMessaging>;

export function wireMessaging({
  config,
  store,
  api,
  bot,
  clock,
  log,
}: Omit<WireAnswersDeps, "wholesale" | "health" | "webexStatus" | "messaging" | "meter" | "underWay">) {
  const policy: Policy = { ...config.access, homeOrgId: bot.orgId };
  const { people, rooms } = store;
  const directory = createDirectory({
    api,
    people,
    rooms,
    botId: bot.id,
    isGuest: (member) => isGuest(policy, member),
    clock,
  });
  const codes = readKnownCodes(join(CARDS_DIRECTORY, "codes.json"), config.codes);
  const render = createRender(CARDS_DIRECTORY, codes);
  const gate = createGate({ api, log, render, zoneOf: rooms.zoneOf, lint, policy, directory, rooms });
  return { policy, gate, codes, person: directory.person };
}

/** Wires the answers to commands: access, the sources of data, and the delivery of replies. */
export function wireAnswers({ messaging, ...deps }: WireAnswersDeps): Answers {
  const { underWay, config, store, api, bot, wholesale, health, webexStatus, meter, clock, log } = deps;
  return createAnswers({
    ...messaging,
    rooms: store.rooms,
    sources: {
      wholesale,
      snapshot: store.snapshot,
      alerts: store.alerts,
      outbox: store.outbox,
      audit: store.audit,
      codes: messaging.codes,
      isPosted: (messageId) => exists(api.message(messageId)),
      subpartners: createCachedSubpartners(wholesale.crawl, clock),
      draw: createTrendChart(),
      csv: writeCsv,
      auditCsv: writeAuditCsv,
      health,
      webexStatus,
    },
    replyDelivery: createReplyDelivery({
      ...store,
      gate: messaging.gate,
      underWay,
      lookUpCard: createCardLookup(api, bot),
      clock,
      log,
    }),
    underWay,
    distance,
    questionsPerMinute: config.questionsPerMinute,
    meter,
    clock,
    log,
  });
}
