/**
 * The object that everything on the page is drawn from. It is never changed in place: `set` replaces values and calls
 * the listeners of the keys that changed.
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

export const INITIAL_STATE = {
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
  /** The messages of the room are being read. */
  loading: false,
  /** The room has older messages than these. */
  earlier: false,
  /** Room id -> messages not seen yet. */
  unread: new Map(),
  /** The room is shown as an alert room, read-only. */
  asAlertRoom: false,
  /** The root of the thread that the composer answers in. */
  replyTo: undefined,
  world: undefined,
  /** The world's time and its speed (`GET /sandbox/clock`), and when this browser received them. */
  clock: undefined,
  /** Sweeps, quick polls and call rate of the bot (`GET /sandbox/seeing`). */
  botActivity: undefined,
  scenarios: [],
  /** Errors to offer when a package is broken (`GET /sandbox/errors`). */
  sampleErrors: [],
  /** The state of the bot; undefined until the first event. */
  bot: undefined,
  theme: "auto",
  dark: false,
  width: 432,
};

/** The bot among the people, if the sandbox has one. */
export const botOf = ({ people }) => people.find(({ role }) => role === "bot");

/** The room that is open. */
export const roomOf = ({ rooms, roomId }) => rooms.find(({ id }) => id === roomId);
