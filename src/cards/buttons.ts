import type { Button } from "../domain/replies/views.ts";
import { plain } from "./plain.ts";

/** Characters of a title: a button of more is wider than a phone. */
const TITLE = 48;

/** A button as the templates draw it. `with` names the inputs whose values belong to the command. */
export interface Press {
  readonly title: string;
  readonly style: "positive" | "default";
  readonly inputs: "auto" | "none";
  readonly command: string;
  readonly with: string;
}

export function pressesOf(buttons: readonly Button[]): readonly Press[] {
  return buttons.map(({ title, command, main, takes }) => ({
    title: plain(title, TITLE),
    style: main ? "positive" : "default",
    inputs: takes === undefined ? "none" : "auto",
    command,
    with: (takes ?? []).join(" "),
  }));
}

/** What one can type instead of pressing, one line a button; what a form fills in cannot be typed ahead. */
export function typedLines(buttons: readonly Button[]): readonly string[] {
  return buttons
    .filter(({ takes }) => takes === undefined)
    .map(({ title, command }) => `${plain(title.replace(/[‹›]/g, ""), TITLE)}: ${plain(command, 400)}`);
}
