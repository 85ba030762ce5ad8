import { isActive } from "../domain/alerts/alert.ts";
import type { Customer } from "../domain/customers/customer.ts";
import type { AlertView } from "../domain/views/views.ts";
import { acknowledgedBy, alertFacts, alertLine, progressFacts, reasonsOf, statusFacts } from "./alert-line.ts";
import { headlineOf, isGone, titleDuration } from "./alert-words.ts";
import type { DetailLevel } from "./detail-level.ts";
import {
  type ButtonData,
  buttonData,
  commandLines,
  type Fact,
  factLines,
  keepTogether,
  NBSP,
  placeAndId,
} from "./elements.ts";
import { NO_REASON, type ProblemLine, problemLines } from "./items.ts";
import { alertNotes, DRILL, firstLine, HEADER_STYLES, isDrill, markLines, withRepeatMark } from "./marks.ts";
import { exactId, shortenWords, withBreakPoints } from "./plain-text.ts";
import {
  asOfText,
  CARD_TIME_FORMAT,
  COLOURS,
  joinNonEmpty,
  nameOf,
  placeOf,
  textTimeFormat,
  withGlyph,
} from "./words.ts";

interface AlertData {
  readonly style: string;
  readonly isDrill: boolean;
  readonly drill: string;
  readonly title: string;
  readonly color: string;
  readonly name: string;
  readonly hasPlace: boolean;
  readonly place: string;
  readonly isTaken: boolean;
  readonly taker: string;
  readonly notes: readonly { readonly text: string }[];
  readonly facts: readonly Fact[];
  readonly problems: readonly ProblemLine[];
  readonly reference: string;
  readonly buttons: readonly ButtonData[];
}

export function alertCard(view: AlertView, detail: DetailLevel): AlertData {
  const { alert, marks } = view;
  const { tone } = headlineOf(view);
  const place = placeAndId(alert.subject);
  return {
    style: HEADER_STYLES[tone],
    isDrill: isDrill([alert]),
    drill: DRILL,
    title: withRepeatMark(marks, titleOf(view)),
    color: COLOURS[tone],
    name: shortenWords(nameOf(alert.subject, 120)),
    hasPlace: place !== "",
    place,
    isTaken: alert.ack !== undefined,
    taker: withBreakPoints(acknowledgedBy(alert, detail).replace("a", "A")),
    notes: notesOf(view, detail).map((text) => ({ text })),
    facts: [...alertFacts(view, CARD_TIME_FORMAT), ...progressFacts(view, CARD_TIME_FORMAT, detail)],
    problems: reasonLines(view, detail),
    reference: `Alert ${alert.id} · ${asOfText(view.now, CARD_TIME_FORMAT).replace("A", "a")}`,
    buttons: buttonData(view.buttons),
  };
}

export function alertText(view: AlertView, detail: DetailLevel): string {
  const { alert, marks, now } = view;
  const times = textTimeFormat(now);
  const context = { shownCodes: new Set<string>(), since: () => `since ${times.dateTime(alert.openedAt)}` };
  const line = alertLine(alert, { label: headlineOf(view), context, detail });
  return [
    firstLine(marks, isDrill([alert]), line),
    ...notesOf(view, detail),
    ...reasonTexts(view, detail),
    ...factLines([...statusFacts(alert), ...progressFacts(view, times, detail)]),
    ...whereLines(alert.subject),
    asOfText(now, times),
    ...commandLines(view.buttons),
  ]
    .join("\n")
    .replaceAll(NBSP, " ");
}

/** The title of the card: the facts below it name the customer and the package. */
function titleOf(view: AlertView): string {
  const { tone, word } = headlineOf(view);
  const label = word === "Error" ? "Provisioning error" : word;
  const title = joinNonEmpty([label, titleDuration(view.alert)], isGone(view.alert) ? ", " : " ");
  return keepTogether(withGlyph(tone, title));
}

function notesOf({ alert, marks }: AlertView, detail: DetailLevel): readonly string[] {
  return [...markLines(marks, detail), ...alertNotes(alert)];
}

/** A single code is among the facts, so only several codes are repeated here. */
function reasonLines(view: AlertView, detail: DetailLevel): readonly ProblemLine[] {
  const lines = problemLines(reasonsOf(view.alert), detail);
  const isOne = lines.length === 1;
  const shown = lines.map(({ hasCode, code, text }) => ({
    hasCode: hasCode && !isOne,
    code: isOne ? "" : code,
    text: withBreakPoints(`${pastPrefix(view)}${text}`),
  }));
  return isUnexplained(view) ? [{ hasCode: false, code: "", text: NO_REASON }] : shown;
}

function reasonTexts(view: AlertView, detail: DetailLevel): readonly string[] {
  if (isUnexplained(view)) return [NO_REASON];
  return problemLines(reasonsOf(view.alert), detail).map(
    ({ code, text }) => `${pastPrefix(view)}${joinNonEmpty([code, text], " ")}`,
  );
}

function isUnexplained({ alert }: AlertView): boolean {
  return alert.key.kind === "error" && isActive(alert) && reasonsOf(alert).length === 0;
}

/** Marks the reason of an alert that is over. */
function pastPrefix({ alert }: AlertView): string {
  return isActive(alert) ? "" : "It was: ";
}

function whereLines({ address, name, externalId }: Customer): readonly string[] {
  const place = placeOf(address);
  const hasId = name !== undefined && externalId !== undefined;
  return [...(place === "" ? [] : [`Where: ${place}`]), ...(hasId ? [`External ID: ${exactId(externalId)}`] : [])];
}
