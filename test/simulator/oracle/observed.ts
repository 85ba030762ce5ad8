import type { Delays } from "./lag.ts";
import type { Mute } from "./mutes.ts";
import { itemsNamed } from "./names.ts";
import type { Reading, Statement } from "./read-message.ts";
import type { RoomReader, Version } from "./room-reader.ts";
import type { TrueItem, Truth } from "./truth.ts";

/** A space that watches, as the caller knows it. */
export interface Watcher {
  readonly roomId: string;
  /** When its watches became as they are. */
  readonly since: number;
  readonly wants: (item: TrueItem) => boolean;
  /** The items that the answers in this space are about; all when absent. */
  readonly sees?: (item: TrueItem) => boolean;
  readonly mutes?: readonly Mute[];
  /** When people pressed a button of a card. */
  readonly presses?: readonly number[];
  /** When people acknowledged everything. */
  readonly acknowledgesAll?: readonly number[];
}

/** A statement with its message, and the item that it is about. */
export interface Told extends Statement {
  readonly version: Version;
  /** Several where names are shortened; none where nobody has this name. */
  readonly items: readonly TrueItem[];
}

export interface Observed {
  readonly truth: Truth;
  readonly delays: Delays;
  readonly reader: RoomReader;
  readonly resolve: (statement: Statement) => readonly TrueItem[];
  /** The times in which the list of customers left some out, although its status was 200. */
  readonly lies: readonly Lie[];
  /** When notices that waited were lost: the next complete reading makes them again. */
  readonly losses: readonly number[];
  readonly doubts: readonly Doubt[];
  readonly rejections: readonly Rejection[];
}

/** A message that Webex rejected in the form, or the thread, that it was posted in. */
export interface Rejection {
  readonly at: number;
  readonly roomId: string;
  readonly isReply: boolean;
  readonly reading: Reading;
}

/** A message may have been posted without the bot knowing it: the process ended, or the answer to the post was lost. */
export interface Doubt {
  readonly at: number;
  /** Any room when absent. */
  readonly roomId?: string | undefined;
}

export interface Lie {
  readonly from: number;
  readonly to: number;
}

/** Finds the item of a statement by its names, or by an alert number that another line explained. */
export function createResolve(truth: Truth): Observed["resolve"] {
  const byAlert = new Map<number, TrueItem>();
  return ({ customer, item, alert }) => {
    const known = alert === undefined ? undefined : byAlert.get(alert);
    const named = itemsNamed(truth, customer, item);
    if (known !== undefined) return named.includes(known) ? [known] : named;
    const [only] = named;
    if (alert !== undefined && only !== undefined && named.length === 1) byAlert.set(alert, only);
    return named;
  };
}

export function statementsOf(observed: Pick<Observed, "resolve">, version: Version): readonly Told[] {
  return version.reading.statements
    .filter(({ claim }) => claim !== "other")
    .map((statement) => {
      const said = statement.claim === "came-and-went" ? asPosted(version) : version;
      return { ...statement, version: said, items: observed.resolve(statement) };
    });
}

const MINUTE_MS = 60_000;

/** Edits keep the lines about what came and went, which are as old as the message. */
function asPosted(version: Version): Version {
  const { createdAt, trueAt } = version;
  return { ...version, at: createdAt, trueAt: Math.min(trueAt, createdAt + MINUTE_MS) };
}

/** How long a call may be on its way to Webex. */
const ON_THE_WAY_MS = 3_000;

/** The bot may not know that this message arrived, so that it edits others instead, and tells its news again. */
export function isUnknown({ doubts }: Pick<Observed, "doubts">, { roomId, createdAt }: Version): boolean {
  return doubts.some((one) => (one.roomId ?? roomId) === roomId && Math.abs(createdAt - one.at) < ON_THE_WAY_MS);
}
