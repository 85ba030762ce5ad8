import type { AlertRows } from "./alert-rows.ts";
import type { Journey } from "./journey.ts";

/** A message of the bot as it was when it was posted: cards are edited later. */
export interface Post {
  readonly id: string;
  readonly roomId: string;
  readonly text: string;
  readonly at: number;
}

/** Hears every message of the bot, from now on. */
export function recordPosts({ world }: Pick<Journey, "world">) {
  const posts: Post[] = [];
  const ignore = world.webexEvents.subscribe((told) => {
    if (told.kind !== "message" || told.action !== "created" || told.message.personId !== world.people.bot.id) return;
    const { id, roomId, text = "" } = told.message;
    posts.push({ id, roomId, text, at: Date.now() });
  });
  return { posts, ignore };
}

export const isRepeat = ({ text }: Post): boolean => /^(?:DRILL[^:]*: )?\(repeat\) /.test(text);

/** Messages that are in the space and of which the bot does not know: they are said again. */
export function unrecordedPosts(posts: readonly Post[], { outbox }: AlertRows): readonly Post[] {
  const known = new Set(outbox.map(({ messageId }) => messageId));
  return posts.filter(({ id }) => !known.has(id));
}

/** Orphans after which the space was not told at once that this is a repetition. */
export function unmarkedRepeats(posts: readonly Post[], ledger: AlertRows): readonly unknown[] {
  return unrecordedPosts(posts, ledger).flatMap((orphan) => {
    const next = posts.slice(posts.indexOf(orphan) + 1).find(({ roomId }) => roomId === orphan.roomId);
    return next !== undefined && isRepeat(next) ? [] : [{ orphan, next }];
  });
}
