import type { AlertRows } from "./alert-rows.ts";
import type { Journey } from "./journey.ts";

/** A message of the bot as it was posted: cards are edited later. */
export interface Post {
  readonly id: string;
  readonly roomId: string;
  readonly text: string;
  readonly at: number;
}

/** Records every message of the bot, from now on. */
export function recordPosts({ world }: Pick<Journey, "world">) {
  const posts: Post[] = [];
  const unsubscribe = world.webexEvents.subscribe((event) => {
    if (event.kind !== "message" || event.action !== "created" || event.message.personId !== world.people.bot.id)
      return;
    const { id, roomId, text = "" } = event.message;
    posts.push({ id, roomId, text, at: Date.now() });
  });
  return { posts, unsubscribe };
}

export const isRepeat = ({ text }: Post): boolean => /^(?:DRILL[^:]*: )?\(possibly repeated\) /.test(text);

/** Messages that are in the space but not in the bot's outbox: the bot posts them again. */
export function unrecordedPosts(posts: readonly Post[], { outbox }: AlertRows): readonly Post[] {
  const known = new Set(outbox.map(({ messageId }) => messageId));
  return posts.filter(({ id }) => !known.has(id));
}

/** Unrecorded posts whose next message in the space is not marked as a repeat. */
export function unmarkedRepeats(posts: readonly Post[], rows: AlertRows): readonly unknown[] {
  return unrecordedPosts(posts, rows).flatMap((unrecorded) => {
    const next = posts.slice(posts.indexOf(unrecorded) + 1).find(({ roomId }) => roomId === unrecorded.roomId);
    return next !== undefined && isRepeat(next) ? [] : [{ unrecorded, next }];
  });
}
