import type { ListedSubscriber, SubscribersView } from "../domain/views/views.ts";
import { type DetailLevel, formatList, takeFirst } from "./detail-level.ts";
import {
  type ButtonData,
  buttonData,
  commandLines,
  partsText,
  type StatusPart,
  statusPart,
  type TextRun,
  textRuns,
} from "./elements.ts";
import { freshnessOf, madeAt, scopeText } from "./freshness.ts";
import { type ProblemLine, problemLines, problemText } from "./items.ts";
import { inLine, plain, shortenWords, withBreakPoints } from "./plain-text.ts";
import {
  CARD_TIME_FORMAT,
  counted,
  digits,
  joinNonEmpty,
  packageName,
  statusWord,
  type TimeFormat,
  textTimeFormat,
  toneOf,
  withGlyph,
} from "./words.ts";

interface SubscribersData {
  readonly title: string;
  readonly range: string;
  readonly notes: readonly { readonly text: string }[];
  readonly rows: readonly RowData[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly ButtonData[];
}

interface RowData {
  readonly number: string;
  readonly email: string;
  readonly hasCustomer: boolean;
  readonly customer: string;
  readonly summary: readonly TextRun[];
  readonly problems: readonly ProblemLine[];
}

export function subscribersCard(view: SubscribersView, detail: DetailLevel): SubscribersData {
  const { shown, more } = takeFirst(view.subscribers, detail.steps);
  return {
    title: plain(view.title, 120),
    range: rangeOf(view, CARD_TIME_FORMAT),
    notes: notesOf(view).map((text) => ({ text })),
    rows: shown.map((one, i) => ({
      number: String(view.firstRow + i),
      email: shortenWords(nameOf(one)),
      hasCustomer: customerOf(one, detail) !== "",
      customer: customerOf(one, detail),
      summary: textRuns([partOf(one, view, detail)]),
      problems: problemLines(one.problems, detail).map((line) => ({ ...line, text: withBreakPoints(line.text) })),
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
    buttons: buttonData(view.buttons),
  };
}

export function subscribersText(view: SubscribersView, detail: DetailLevel): string {
  const { shown, more } = takeFirst(view.subscribers, detail.items);
  return [
    `${plain(view.title, 120)}: ${rangeOf(view, textTimeFormat(madeAt(view.freshness)))}`,
    ...notesOf(view),
    ...shown.map((one, i) => {
      const who = joinNonEmpty([nameOf(one), customerOf(one, detail)], ", ");
      const reasons = problemText(one.problems, detail);
      return `${view.firstRow + i}. ${who}: ${joinNonEmpty([partsText([partOf(one, view, detail)]), reasons], " — ")}`;
    }),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...commandLines(view.buttons),
  ].join("\n");
}

function rangeOf(
  { subscribers, firstRow, hasMore, subpartner, freshness }: SubscribersView,
  times: TimeFormat,
): string {
  const last = firstRow + subscribers.length - 1;
  const range = subscribers.length === 1 ? digits(last) : `${digits(firstRow)}–${digits(last)}`;
  const rows = subscribers.length === 0 ? "none" : range;
  return joinNonEmpty(
    [hasMore ? `${rows}, more follow` : rows, scopeText(subpartner), freshnessOf(freshness, times)],
    " · ",
  );
}

function notesOf(view: SubscribersView): readonly string[] {
  const { notShown } = view;
  return [
    ...(notShown === 0
      ? []
      : [
          `! ${counted(notShown, "row")} ${notShown === 1 ? "is" : "are"} not shown: unreadable, or of another customer.`,
        ]),
    ...(sharesWord(view) ? [`${withGlyph("good", "Provisioned")}, where a row says nothing else.`] : []),
  ];
}

const isWell = ({ status, problems }: ListedSubscriber): boolean => status === "provisioned" && problems.length === 0;

/** Most people are provisioned: then this is said once, above the rows. */
const sharesWord = ({ subscribers }: SubscribersView): boolean => subscribers.filter(isWell).length > 1;

/** `✓ Calling`, `… Pending user migration: Suite`, `✕ Error: Calling` */
function partOf(one: ListedSubscriber, view: SubscribersView, detail: DetailLevel): StatusPart {
  const packages = formatList(one.packages.map(packageName), detail.names);
  const hasErrors = one.problems.some(({ level }) => level === "error");
  const tone = hasErrors ? "bad" : one.problems.length > 0 ? "warning" : toneOf(one.status);
  const word = hasErrors ? "Error" : one.problems.length > 0 ? "Warning" : statusWord(one.status);
  if (isWell(one) && sharesWord(view) && packages !== "") return statusPart(tone, word, packages);
  return statusPart(tone, word, joinNonEmpty([word, packages], ": "));
}

const nameOf = ({ email }: ListedSubscriber): string => inLine(email, 80) || "No address";

const customerOf = ({ customer = "" }: ListedSubscriber, detail: DetailLevel): string => inLine(customer, detail.title);
