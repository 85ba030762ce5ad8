import type { SubpartnersView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { freshnessOf, madeAt } from "./freshness.ts";
import { exactId, inLine, shortenWords } from "./plain-text.ts";
import { CARD_TIME_FORMAT, COLOURS, digits, GLYPHS, statusWord, type Tone, textTimeFormat } from "./words.ts";

interface SubpartnersData {
  readonly range: string;
  readonly freshness: string;
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly rows: readonly {
    readonly name: string;
    readonly state: string;
    readonly color: string;
    readonly hasId: boolean;
    readonly id: string;
  }[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly ButtonData[];
}

const NONE = "The bot’s token has access to no sub-partners.";

type Subpartner = SubpartnersView["subpartners"][number];

/** The documented states of a sub-partner; any other state is shown as it comes. */
const TONES: ReadonlyMap<string, Tone> = new Map([
  ["active", "good"],
  ["suspended", "warning"],
]);

export function subpartnersCard(view: SubpartnersView, detail: DetailLevel): SubpartnersData {
  const { shown, more } = takeFirst(boundFirst(view.subpartners), detail.steps);
  const duplicates = duplicateNames(view);
  return {
    range: rangeOf(view),
    freshness: freshnessOf(view.freshness, CARD_TIME_FORMAT),
    isEmpty: view.subpartners.length === 0,
    emptyText: NONE,
    rows: shown.map((one) => ({
      name: shortenWords(shownName(one)),
      state: stateOf(one),
      color: COLOURS[toneOf(one)],
      hasId: needsId(one, duplicates),
      id: exactId(one.orgId),
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
    buttons: buttonData(view.buttons),
  };
}

export function subpartnersText(view: SubpartnersView, detail: DetailLevel): string {
  const times = textTimeFormat(madeAt(view.freshness));
  const duplicates = duplicateNames(view);
  const { shown, more } = takeFirst(boundFirst(view.subpartners), detail.items);
  return [
    `Sub-partners: ${rangeOf(view)} · ${freshnessOf(view.freshness, times)}`,
    ...(shown.length === 0 ? [NONE] : []),
    ...shown.map(
      (one) => `${shownName(one)}${needsId(one, duplicates) ? ` (${exactId(one.orgId)})` : ""}: ${stateOf(one)}`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...commandLines(view.buttons),
  ].join("\n");
}

function boundFirst(all: readonly Subpartner[]): readonly Subpartner[] {
  return [...all.filter(({ isBound }) => isBound), ...all.filter(({ isBound }) => !isBound)];
}

function rangeOf({ subpartners }: SubpartnersView): string {
  if (subpartners.length === 0) return "none";
  const bound = subpartners.find(({ isBound }) => isBound);
  const visible = bound === undefined ? "this space sees all" : `this space sees only ${nameOf(bound)}`;
  return `${digits(subpartners.length)} in all · ${visible}`;
}

function nameOf({ name, orgId }: Subpartner): string {
  return inLine(name, 80) || exactId(orgId);
}

/** A sub-partner without a name has its id beside this. */
const shownName = ({ name }: Subpartner): string => inLine(name, 80) || "No name";

const needsId = (one: Subpartner, duplicates: ReadonlySet<string>): boolean =>
  inLine(one.name, 80) === "" || duplicates.has(nameOf(one));

function duplicateNames({ subpartners }: SubpartnersView): ReadonlySet<string> {
  const names = subpartners.map(nameOf);
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

function toneOf({ state }: Subpartner): Tone {
  return TONES.get(state.toLowerCase()) ?? "quiet";
}

function stateOf(one: Subpartner): string {
  return `${GLYPHS[toneOf(one)]} ${statusWord(one.state)}`;
}
