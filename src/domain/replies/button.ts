/** A button is a command: pressing it says `command`, as if its presser had typed it. */
export interface Button {
  readonly title: string;
  readonly command: string;
  /** The main thing to do here. */
  readonly main?: boolean;
  /** The inputs of the card whose values belong to the command; none when absent. */
  readonly inputs?: readonly string[];
}
