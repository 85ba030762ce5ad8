import type { NetworkFault } from "./faults.ts";

/** A change to the world or to what surrounds the bot. Plain data, so that a history can be printed, shortened and played again. */
export type Action =
  /** A package of the customer at a place gets a status; `item` counts its packages. */
  | {
      readonly kind: "package";
      readonly place: number;
      readonly item: number;
      readonly status: string;
      readonly code?: number;
    }
  | { readonly kind: "add-on"; readonly place: number; readonly status: string; readonly code?: number }
  /** The first packages of so many customers fail with one code, from a place on. */
  | { readonly kind: "storm"; readonly place: number; readonly count: number; readonly code: number }
  | { readonly kind: "heal all" }
  | { readonly kind: "remove customer"; readonly place: number }
  | { readonly kind: "remove package"; readonly place: number; readonly item: number }
  | { readonly kind: "add customer" }
  /** The list of customers lies for a while, although its status is 200. */
  | { readonly kind: "lie"; readonly lie: "empty" | "half"; readonly forMs: number }
  | { readonly kind: "fault"; readonly fault: NetworkFault; readonly forMs: number }
  | { readonly kind: "full disk"; readonly forMs: number }
  /** The process ends before this statement, counted from now, and starts again a while later. */
  | { readonly kind: "crash"; readonly statements: number; readonly downMs: number }
  /** Said by an operator, or by a viewer, who must be in the room. */
  | { readonly kind: "say"; readonly room: number; readonly text: string; readonly as?: "viewer" }
  /** An operator presses the button with this title on the newest card that has it. */
  | { readonly kind: "press"; readonly room: number; readonly title: string }
  | { readonly kind: "bot leaves"; readonly room: number; readonly forMs: number }
  /** Somebody deletes the newest message in a room that tells of one error. */
  | { readonly kind: "delete message"; readonly room: number }
  /** Webex refuses each new message, whatever it is. */
  | { readonly kind: "refuse"; readonly status: number; readonly forMs: number }
  /** The notices that wait are lost from the database. */
  | { readonly kind: "lose notices" }
  /** Nothing has changed for a while, so that the rooms can be compared with the world. */
  | { readonly kind: "quiet" };

/** @property at milliseconds from the start of the world */
export type Step = (Action | NewRoom) & { readonly at: number };

/** One more space begins to watch. */
interface NewRoom {
  readonly kind: "new room";
  readonly watch: string;
}
