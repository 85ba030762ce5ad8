import type { Marks, View } from "../views/views.ts";

/** A message nobody asked for: what it shows, and the thread it belongs in. */
export interface RenderedMessage {
  readonly view: View;
  /** The root of the thread; a new one begins without it. */
  readonly threadId?: string;
}

/** How it is told. */
export interface MessageContext {
  readonly marks: Marks;
  readonly now: number;
}
