import type { Button } from "../domain/views/views.ts";
import { plain } from "./plain.ts";

/** Characters of a title: a button of more is wider than a phone. */
const TITLE_LENGTH = 48;

/** A button as the templates draw it. `with` names the inputs whose values belong to the command. */
export interface ButtonData {
  readonly title: string;
  readonly style: "positive" | "default";
  readonly inputs: "auto" | "none";
  readonly command: string;
  readonly with: string;
}

export function buttonData(buttons: readonly Button[]): readonly ButtonData[] {
  return buttons.map(({ title, command, main, inputs }) => ({
    title: plain(title, TITLE_LENGTH),
    style: main ? "positive" : "default",
    inputs: inputs === undefined ? "none" : "auto",
    command,
    with: (inputs ?? []).join(" "),
  }));
}

/** What one can type instead of pressing, one line a button; what a form fills in cannot be typed ahead. */
export function commandLines(buttons: readonly Button[]): readonly string[] {
  return buttons
    .filter(({ inputs }) => inputs === undefined)
    .map(
      ({ title, command }) => `${plain(title.replace(/[‹›]/g, ""), TITLE_LENGTH)}: ${plain(command, 400)}`,
    );
}
