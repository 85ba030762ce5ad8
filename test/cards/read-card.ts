import { expect } from "vitest";
import { lint, lintText } from "../../src/cards/lint/lint.ts";
import { createRender } from "../../src/cards/render.ts";
import type { View } from "../../src/domain/views/views.ts";
import { CODES } from "../support/codes.ts";

export const render = createRender("cards", CODES);

interface CardNode {
  readonly id?: string;
  readonly text?: string;
  readonly title?: string;
  readonly value?: string;
  readonly choices?: readonly { readonly title: string; readonly value: string }[];
}

/** Every node of a card, in the order in which people read it. */
export function nodesOf(node: unknown): readonly CardNode[] {
  if (Array.isArray(node)) return node.flatMap(nodesOf);
  if (typeof node !== "object" || node === null) return [];
  return [node, ...Object.values(node).flatMap(nodesOf)];
}

/** Reads what the nodes of a card have under these keys. */
export function cardReader(...keys: readonly ("text" | "title" | "value")[]) {
  const textsOf = (view: View): readonly string[] =>
    nodesOf(render(view).card).flatMap((node) => keys.flatMap((key) => node[key] ?? []));
  const readable = (view: View) => textsOf(view).join("\n").replaceAll("\u00a0", " ");
  return { textsOf, readable, bothForms: (view: View) => [readable(view), render(view).text] };
}

/** Webex takes both forms of the view. */
export function expectFit(view: View) {
  const { card, text } = render(view);
  expect(lint(card)).toEqual([]);
  expect(lintText(text)).toEqual([]);
  return { card, text };
}
