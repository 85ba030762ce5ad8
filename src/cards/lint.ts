import { bytesOf, isObject } from "./json.ts";
import { RULES } from "./rules.ts";
import { survey } from "./shape.ts";

/** What we let a card weigh. Webex names no limit; its own samples warn at 60 KB with images. */
export const CARD_BYTES = 20_480;

/** What Webex takes as the text of a message (API reference, Create a Message). */
export const TEXT_BYTES = 7_439;

/** Everything that Webex would refuse, drop or draw badly: one sentence a fault, with its path. None is good. */
export function lint(card: unknown): readonly string[] {
  const { nodes, faults } = survey(card, { kind: "card", path: "card", above: [], held: "" });
  return [...versionFaults(card), ...weightFaults(card), ...faults, ...RULES.flatMap((rule) => rule(nodes))];
}

/** The text beside a card: what clients without cards, notifications and screen readers show. */
export function lintText(text: string): readonly string[] {
  if (text.trim() === "") return ["text: is empty"];
  const bytes = bytesOf(text);
  return bytes > TEXT_BYTES ? [`text: ${bytes} bytes, Webex takes ${TEXT_BYTES}`] : [];
}

function versionFaults(card: unknown): readonly string[] {
  return isObject(card) && card.version !== "1.3" ? [`card.version: must be "1.3"`] : [];
}

function weightFaults(card: unknown): readonly string[] {
  const bytes = bytesOf(JSON.stringify(card) ?? "");
  return bytes > CARD_BYTES ? [`card: ${bytes} bytes, our budget is ${CARD_BYTES}`] : [];
}
