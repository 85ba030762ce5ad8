import type { WatchOptions } from "../alerts/watch.ts";
import type { Filter } from "../customers/filter.ts";

/**
 * What somebody asks, typed or pressed. `format` writes any of these as text and `parse` reads it back unchanged:
 * a button carries its command as that text, so there is one way in for both.
 */
export type Command =
  | CustomersCommand
  | CustomerCommand
  | FindCommand
  | { readonly name: "help"; readonly topic?: string }
  | { readonly name: "status" }
  | { readonly name: "summary"; readonly filter: Filter }
  | { readonly name: "trend" }
  | { readonly name: "history"; readonly ref?: CustomerRef }
  /** `since` is in milliseconds: `changes since=2h`. */
  | { readonly name: "changes"; readonly since: number }
  | { readonly name: "export"; readonly filter: Filter; readonly sort?: string }
  | { readonly name: "subpartners" }
  /** Binds the space to a sub-partner, by its organisation id or name; `use subpartner=all` frees it. */
  | { readonly name: "use"; readonly subpartner: string }
  | WatchCommand
  | { readonly name: "watches" }
  /** By its number in this space; without one, it asks which. */
  | { readonly name: "unwatch"; readonly number?: number }
  /** Open alerts of this space. */
  | { readonly name: "alerts"; readonly filter: Filter; readonly page: number }
  | AckCommand
  | MuteCommand
  | { readonly name: "mutes" }
  | { readonly name: "unmute"; readonly number?: number }
  | { readonly name: "follow"; readonly ref?: CustomerRef }
  | { readonly name: "digest"; readonly schedule: DigestSchedule | "off" | "show" }
  /** `since` is in milliseconds: `handover since=8h`. */
  | { readonly name: "handover"; readonly since: number }
  | { readonly name: "verify" }
  | { readonly name: "drill" }
  | { readonly name: "allow" }
  | { readonly name: "disallow" };

export interface CustomersCommand {
  readonly name: "customers";
  readonly filter: Filter;
  /** From 1. */
  readonly page: number;
  /** Rows a page, 1 to 50. */
  readonly max: number;
  /** A field, with `-` in front for descending: `sort=name`, `sort=-status`. */
  readonly sort?: string;
  /** Asked past the cache: what Refresh does. Written `fresh=yes`. */
  readonly fresh: boolean;
}

export interface CustomerCommand {
  readonly name: "customer";
  /** Absent when somebody pressed Open with nothing chosen. */
  readonly ref?: CustomerRef;
  readonly fresh: boolean;
}

/** How a customer was pointed at: a row of the last list, the API's id, an external id, an organisation id, or "one of those". */
export type CustomerRef =
  | { readonly by: "row"; readonly row: number }
  | { readonly by: "any" | "id" | "externalId" | "orgId"; readonly value: string };

/** The filter form, filled in with the filter that was in force. */
export interface FindCommand {
  readonly name: "find";
  readonly filter: Filter;
}

/** `watch package=calling stuck=yes`: a preview first, then the same with `confirm=yes`, which saves it. */
export interface WatchCommand {
  readonly name: "watch";
  readonly filter: Filter;
  readonly options: WatchOptions;
  readonly confirmed: boolean;
}

/** `ack 1042 on it`, `ack 12,13`, `ack all`. Without alerts, it asks which. */
export interface AckCommand {
  readonly name: "ack";
  /** Numbers of alerts; `all` is every open one of this space. */
  readonly alerts: readonly number[] | "all";
  readonly note?: string;
}

/** `mute package=calling for=2h because="maintenance"`, or one alert's own customer and package: `mute alert=1042 for=24h …`. */
export interface MuteCommand {
  readonly name: "mute";
  readonly target:
    | { readonly by: "filter"; readonly filter: Filter }
    | { readonly by: "alert"; readonly alert: number };
  /** In milliseconds, 7 days at most (ALERTS 23). */
  readonly durationMs: number;
  readonly because: string;
}

/** `digest daily 09:00 Europe/Berlin`. */
export interface DigestSchedule {
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** An IANA time zone; `UTC` when nobody says. */
  readonly zone: string;
}

export type CommandName = Command["name"];
