import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import type { Customer } from "../domain/customers/customer.ts";
import type { AlertView } from "../domain/views/views.ts";
import { ackOf, alertFacts, alertLine, progressFacts, statusFacts } from "./alert-line.ts";
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
import { alertNotes, DRILL, firstLine, HEADER_STYLES, isDrill, markLines, withRepeatMark } from "./marks.ts";
import { exactId, shortenWords, withBreakPoints } from "./plain-text.ts";
import { type Reason, readReasons, webexStatusLines } from "./reasons.ts";
import {
  asOfText,
  CARD_TIME_FORMAT,
  COLOURS,
  joinNonEmpty,
  nameOf,
  placeOf,
  type TimeFormat,
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
  readonly reasons: readonly ReasonData[];
  readonly status: readonly { readonly text: string }[];
  readonly hasMemory: boolean;
  readonly memory: string;
  readonly facts: readonly Fact[];
  readonly quotes: readonly { readonly text: string }[];
  readonly reference: string;
  readonly buttons: readonly ButtonData[];
}

interface ReasonData {
  readonly hasCode: boolean;
  readonly code: string;
  readonly text: string;
  readonly hasTurn: boolean;
  readonly turn: string;
  readonly hasAdvice: boolean;
  readonly advice: string;
  readonly isUnknown: boolean;
}

export function alertCard(view: AlertView, detail: DetailLevel, codes: ErrorCodes): AlertData {
  const { alert, marks } = view;
  const { reasons, memory, quotes } = readReasons(view, detail, codes);
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
    taker: `Acknowledged by ${ackOf(view, CARD_TIME_FORMAT, detail)}`,
    notes: notesOf(view, detail).map((text) => ({ text })),
    reasons: reasons.map(reasonData),
    status: webexStatusLines(view, detail).map((text) => ({ text })),
    hasMemory: memory !== "",
    memory,
    facts: [...alertFacts(view, CARD_TIME_FORMAT, detail), ...progressFacts(view, CARD_TIME_FORMAT, detail)],
    quotes: quotes.map((text) => ({ text: withBreakPoints(text) })),
    reference: `Alert ${alert.id} · ${asOfText(view.now, CARD_TIME_FORMAT).replace("A", "a")}`,
    buttons: buttonData(view.buttons),
  };
}

export function alertText(view: AlertView, detail: DetailLevel, codes: ErrorCodes): string {
  const { alert, marks, now } = view;
  const { reasons, memory, quotes } = readReasons(view, detail, codes);
  const times = textTimeFormat(now);
  const context = {
    shownCodes: new Set<string>(),
    since: () => `since ${times.dateTime(alert.openedAt)}`,
    showsAck: true,
  };
  const line = alertLine(alert, { label: headlineOf(view), context, detail });
  return [
    firstLine(marks, isDrill([alert]), line),
    ...notesOf(view, detail),
    ...reasons.flatMap(reasonTexts),
    ...webexStatusLines(view, detail),
    ...(memory === "" ? [] : [memory]),
    ...factLines([...statusFacts(alert), ...ackFacts(view, times, detail), ...progressFacts(view, times, detail)]),
    ...quotes,
    ...whereLines(alert.subject),
    asOfText(now, times),
    ...commandLines(view.buttons),
  ]
    .join("\n")
    .replaceAll(NBSP, " ");
}

/** On the card it stands in the head. */
function ackFacts(view: AlertView, times: TimeFormat, detail: DetailLevel): readonly Fact[] {
  const value = ackOf(view, times, detail);
  return value === "" ? [] : [{ title: "Acknowledged", value }];
}

function reasonData({ code, text, turn, advice }: Reason): ReasonData {
  return {
    hasCode: code !== "",
    code,
    text: withBreakPoints(text),
    hasTurn: turn !== "",
    turn: `${turn}:`,
    isUnknown: turn === "",
    hasAdvice: advice !== "",
    advice: withBreakPoints(advice),
  };
}

/** `2560 Webex Calling is under maintenance.`, then `Cisco’s turn: wait until it is over.` */
function reasonTexts({ code, text, turn, advice }: Reason): readonly string[] {
  return [joinNonEmpty([code, text], " "), ...(advice === "" ? [] : [joinNonEmpty([turn, advice], ": ")])];
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

function whereLines({ address, name, externalId }: Customer): readonly string[] {
  const place = placeOf(address);
  const hasId = name !== undefined && externalId !== undefined;
  return [...(place === "" ? [] : [`Where: ${place}`]), ...(hasId ? [`External ID: ${exactId(externalId)}`] : [])];
}
