/**
 * One object that everything on the page is drawn from. Nobody changes it in place: `set` puts new values in,
 * and calls those who asked about one of the keys that changed.
 */
export function createState(initial) {
  let current = initial;
  const listeners = [];

  return {
    get: () => current,
    /** @param {string[]} keys */
    on(keys, listener) {
      listeners.push({ keys, listener });
    },
    set(patch) {
      const changed = Object.keys(patch).filter((key) => patch[key] !== current[key]);
      if (changed.length === 0) return;
      current = { ...current, ...patch };
      for (const { keys, listener } of listeners) {
        if (keys.some((key) => changed.includes(key))) listener(current);
      }
    },
  };
}

export const EMPTY = {
  /** Everyone of `GET /sandbox/people`. */
  people: [],
  /** The person whose token the page speaks with. */
  me: undefined,
  rooms: [],
  roomId: undefined,
  /** A 1:1 with the bot that has no message yet, and so no room. */
  draft: false,
  members: [],
  messages: [],
  /** Whether the messages of the room are still to come. */
  loading: false,
  /** Whether the room has messages from before those. */
  earlier: false,
  /** Room id -> messages not seen yet. */
  unread: new Map(),
  /** Whether the room is looked at as an alert room, which nobody types into. */
  watching: false,
  /** The root of the thread that the composer answers in. */
  replyTo: undefined,
  world: undefined,
  /** The world's time and its speed (`GET /sandbox/clock`), and when this browser heard of it. */
  clock: undefined,
  /** How the bot keeps watch (`GET /sandbox/seeing`). */
  seeing: undefined,
  scenarios: [],
  /** How the bot is; undefined until the sandbox has said so. */
  bot: undefined,
  theme: "auto",
  dark: false,
  width: 432,
};

/** The bot among the people, if the sandbox has one. */
export const botOf = ({ people }) => people.find(({ role }) => role === "bot");

/** The room that is open. */
export const roomOf = ({ rooms, roomId }) => rooms.find(({ id }) => id === roomId);
