import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import { clockOf, READERS_CLOCK, UTC, type WriteTime, writeTimes } from "../domain/views/time-mark.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import { alertCard, alertText } from "./alert.ts";
import { alertsCard, alertsText } from "./alerts.ts";
import { auditCard, auditText } from "./audit.ts";
import { customerCard, customerText } from "./customer.ts";
import { customersCard, customersText } from "./customers.ts";
import { DETAIL_LEVELS, type DetailLevel } from "./detail-level.ts";
import { findCard, findText } from "./find.ts";
import { helpCard, helpText } from "./help.ts";
import { historyCard, historyText } from "./history.ts";
import { byteLength, isObject, type JsonObject } from "./json.ts";
import { lint, MAX_CARD_BYTES, MAX_TEXT_BYTES } from "./lint/lint.ts";
import { noticeCard, noticeText } from "./notice.ts";
import { fitBytes } from "./plain-text.ts";
import { stormCard, stormText } from "./storm.ts";
import { subpartnersCard, subpartnersText } from "./subpartners.ts";
import { subscribersCard, subscribersText } from "./subscribers.ts";
import { summaryCard, summaryText } from "./summary.ts";
import { compile, type Template } from "./template.ts";

/** A view as a Webex message: a card, and a plain text that is complete without it. */
export interface Rendered {
  readonly card: JsonObject;
  readonly text: string;
}

/**
 * Reads every template once and fills it with its sample data. Throws a Failure that names the file and the path in it.
 * The returned function does no I/O.
 * @param codes what is known of error codes
 * It writes times by the clock of the zone; without one, on a card by the reader's own, and in a text by UTC.
 */
export function createRender(directory: string, codes: ErrorCodes): (view: View, zone?: string) => Rendered {
  const templates: Readonly<Record<View["kind"], Template>> = {
    customers: readTemplate(directory, "customers"),
    customer: readTemplate(directory, "customer"),
    find: readTemplate(directory, "find"),
    help: readTemplate(directory, "help"),
    notice: readTemplate(directory, "notice"),
    summary: readTemplate(directory, "summary"),
    history: readTemplate(directory, "history"),
    subpartners: readTemplate(directory, "subpartners"),
    subscribers: readTemplate(directory, "subscribers"),
    audit: readTemplate(directory, "audit"),
    alert: readTemplate(directory, "alert"),
    alerts: readTemplate(directory, "alerts"),
    storm: readTemplate(directory, "storm"),
  };
  return (view, zone) => {
    const onCard = zone === undefined ? READERS_CLOCK : clockOf(zone);
    const inText = clockOf(zone ?? UTC);
    const card = mostDetailed(
      (detail) => withTimes(templates[view.kind](cardData(view, detail, codes)), onCard),
      isWithinLimit,
    );
    const text = mostDetailed(
      (detail) => writeTimes(textOf(view, detail, codes), inText),
      (draft) => byteLength(draft) <= MAX_TEXT_BYTES,
    );
    return { card, text: fitBytes(text, MAX_TEXT_BYTES) };
  };
}

/** The same JSON with the times in its texts written by one clock. */
function withTimes<T>(json: T, clock: WriteTime): T;
function withTimes(json: unknown, clock: WriteTime): unknown {
  if (typeof json === "string") return writeTimes(json, clock);
  if (Array.isArray(json)) return json.map((item) => withTimes(item, clock));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withTimes(value, clock)]));
}

function cardData(view: View, detail: DetailLevel, codes: ErrorCodes): object {
  switch (view.kind) {
    case "customers":
      return customersCard(view, detail);
    case "customer":
      return customerCard(view, detail, codes);
    case "find":
      return findCard(view, detail);
    case "help":
      return helpCard(view, detail);
    case "notice":
      return noticeCard(view, detail);
    case "summary":
      return summaryCard(view, detail);
    case "history":
      return historyCard(view, detail);
    case "subpartners":
      return subpartnersCard(view, detail);
    case "subscribers":
      return subscribersCard(view, detail);
    case "audit":
      return auditCard(view, detail);
    case "alert":
      return alertCard(view, detail, codes);
    case "alerts":
      return alertsCard(view, detail, codes);
    case "storm":
      return stormCard(view, detail, codes);
  }
}

function textOf(view: View, detail: DetailLevel, codes: ErrorCodes): string {
  switch (view.kind) {
    case "customers":
      return customersText(view, detail);
    case "customer":
      return customerText(view, detail, codes);
    case "find":
      return findText(view, detail);
    case "help":
      return helpText(view, detail);
    case "notice":
      return noticeText(view, detail);
    case "summary":
      return summaryText(view, detail);
    case "history":
      return historyText(view, detail);
    case "subpartners":
      return subpartnersText(view, detail);
    case "subscribers":
      return subscribersText(view, detail);
    case "audit":
      return auditText(view, detail);
    case "alert":
      return alertText(view, detail, codes);
    case "alerts":
      return alertsText(view, detail, codes);
    case "storm":
      return stormText(view, detail, codes);
  }
}

/** The first draft that fits, from the most detailed down; the shortest one when none does. */
function mostDetailed<T>(draw: (detail: DetailLevel) => T, fits: (draft: T) => boolean): T {
  const [fullest, ...shorter] = DETAIL_LEVELS;
  return shorter.reduce((draft, detail) => (fits(draft) ? draft : draw(detail)), draw(fullest));
}

function isWithinLimit(card: JsonObject): boolean {
  return byteLength(JSON.stringify(card)) <= MAX_CARD_BYTES;
}

function readTemplate(directory: string, kind: string): Template {
  const file = join(directory, `${kind}.json`);
  const template = compile(file, readJson(file));
  const sampleFile = join(directory, `${kind}.data.json`);
  const sample = readJson(sampleFile);
  if (!isObject(sample)) throw brokenFile(`${sampleFile}: is not a JSON object.`);
  const faults = lint(template(sample));
  if (faults.length > 0) throw brokenFile(`${file}: ${faults.join("; ")}.`);
  return template;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw brokenFile(`${file}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

function brokenFile(message: string, cause?: unknown): Failure {
  return new Failure("cards.broken", message, "Correct the file, or restore the delivered version.", { cause });
}
