import { byteLength, isObject } from "./json.ts";
import { RULES } from "./rules.ts";
import { validate } from "./shape.ts";

/** What we let a card weigh. Webex names no limit; its own samples warn at 60 KB with images. */
export const MAX_CARD_BYTES = 20_480;

/** What Webex takes as the text of a message (API reference, Create a Message). */
export const MAX_TEXT_BYTES = 7_439;

/** Everything that Webex would refuse, drop or draw badly: one sentence a fault, with its path. None is good. */
export function lint(card: unknown): readonly string[] {
  const { nodes, faults } = validate(card, { kind: "card", path: "card", ancestors: [], property: "" });
  return [...versionFaults(card), ...sizeFaults(card), ...faults, ...RULES.flatMap((rule) => rule(nodes))];
}

/** The text beside a card: what clients without cards, notifications and screen readers show. */
export function lintText(text: string): readonly string[] {
  if (text.trim() === "") return ["text: is empty"];
  const bytes = byteLength(text);
  return bytes > MAX_TEXT_BYTES ? [`text: ${bytes} bytes, Webex takes ${MAX_TEXT_BYTES}`] : [];
}

function versionFaults(card: unknown): readonly string[] {
  return isObject(card) && card.version !== "1.3" ? [`card.version: must be "1.3"`] : [];
}

function sizeFaults(card: unknown): readonly string[] {
  const bytes = byteLength(JSON.stringify(card) ?? "");
  return bytes > MAX_CARD_BYTES ? [`card: ${bytes} bytes, our budget is ${MAX_CARD_BYTES}`] : [];
}
