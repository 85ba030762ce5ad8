import type { Customer } from "../domain/customers/customer.ts";
import type { AlertView } from "../domain/replies/views.ts";
import { alertFacts, courseFacts, statusFacts } from "./alert-facts.ts";
import { alertLine, reasonsOf, takenBy } from "./alert-line.ts";
import { headlineOf, isGone, lasted } from "./alert-words.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import type { Detail } from "./detail.ts";
import { type Fact, factLines } from "./facts.ts";
import { alertNotes, DRILL, HEADS, isDrill, markLines, opened, repeated } from "./marks.ts";
import { clinging, HARD_SPACE } from "./parts.ts";
import { breakable, exact, shortWords } from "./plain.ts";
import { NO_REASON, type ProblemLine, problemLines } from "./problems.ts";
import { CARD_TIMES, textTimes } from "./times.ts";
import { whereOf } from "./where.ts";
import { COLOURS, glyphed, joined, nameOf, placeOf } from "./words.ts";

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
  readonly buttons: readonly Press[];
}

export function alertCard(view: AlertView, detail: Detail): AlertData {
  const { alert, marks } = view;
  const { tone } = headlineOf(view);
  const place = whereOf(alert.subject);
  return {
    style: HEADS[tone],
    isDrill: isDrill([alert]),
    drill: DRILL,
    title: repeated(marks, titleOf(view)),
    color: COLOURS[tone],
    name: shortWords(nameOf(alert.subject, 120)),
    hasPlace: place !== "",
    place,
    isTaken: alert.ack !== undefined,
    taker: breakable(takenBy(alert, detail).replace("t", "T")),
    notes: notesOf(view).map((text) => ({ text })),
    facts: [...alertFacts(view, CARD_TIMES), ...courseFacts(view, CARD_TIMES, detail)],
    problems: reasonLines(view, detail),
    reference: `Alert ${alert.id}`,
    buttons: pressesOf(view.buttons),
  };
}

export function alertText(view: AlertView, detail: Detail): string {
  const { alert, marks, now } = view;
  const times = textTimes(now);
  const around = { saidCodes: new Set<string>(), since: () => `since ${times.moment(alert.openedAt)}` };
  const line = alertLine(alert, { standing: headlineOf(view), around, detail });
  return [
    opened(marks, isDrill([alert]), line),
    ...notesOf(view),
    ...reasonTexts(view, detail),
    ...factLines([...statusFacts(alert), ...courseFacts(view, times, detail)]),
    ...whereLines(alert.subject),
    ...typedLines(view.buttons),
  ]
    .join("\n")
    .replaceAll(HARD_SPACE, " ");
}

/** A card has room to say what kind of error it is, and the facts below it say who and what. */
function titleOf(view: AlertView): string {
  const { tone, word } = headlineOf(view);
  const said = word === "Error" ? "Provisioning error" : word;
  const whole = joined([said, lasted(view.alert)], isGone(view.alert) ? ", " : " ");
  return clinging(glyphed(tone, whole));
}

function notesOf({ alert, marks }: AlertView): readonly string[] {
  return [...markLines(marks), ...alertNotes(alert)];
}

/** The code stands among the facts already, unless there are several. */
function reasonLines(view: AlertView, detail: Detail): readonly ProblemLine[] {
  const lines = problemLines(reasonsOf(view.alert), detail);
  const isOne = lines.length === 1;
  const shown = lines.map(({ hasCode, code, text }) => ({
    hasCode: hasCode && !isOne,
    code: isOne ? "" : code,
    text: breakable(`${wasOf(view)}${text}`),
  }));
  return isUnexplained(view) ? [{ hasCode: false, code: "", text: NO_REASON }] : shown;
}

function reasonTexts(view: AlertView, detail: Detail): readonly string[] {
  if (isUnexplained(view)) return [NO_REASON];
  return problemLines(reasonsOf(view.alert), detail).map(
    ({ code, text }) => `${wasOf(view)}${joined([code, text], " ")}`,
  );
}

function isUnexplained({ alert }: AlertView): boolean {
  return alert.key.kind === "error" && alert.state !== "closed" && reasonsOf(alert).length === 0;
}

/** What is over is told as what it was. */
function wasOf({ alert }: AlertView): string {
  return alert.state === "closed" ? "It was: " : "";
}

function whereLines({ address, name, externalId }: Customer): readonly string[] {
  const place = placeOf(address);
  const hasId = name !== undefined && externalId !== undefined;
  return [
    ...(place === "" ? [] : [`Where: ${place}`]),
    ...(hasId ? [`External ID: ${exact(externalId)}`] : []),
  ];
}
