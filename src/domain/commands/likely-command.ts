import type { Filter } from "../customers/filter.ts";
import { correctSearch, isSearch, searchTerm, searchWords } from "./correct-search.ts";
import type { CustomersCommand } from "./customers.ts";
import { formatFilter } from "./format.ts";
import { parse } from "./parse.ts";
import type { Command } from "./registry.ts";
import { countOf } from "./spoken-duration.ts";
import type { Distance } from "./suggest.ts";

/** Stands in a command for the words that customers have, for the numbers of the message, and for the other terms of its filter. */
const SLOT = /<(name|number|code|terms|span|since)>/g;

interface Hint {
  readonly command: string;
  /** One word of each must be in the message. */
  readonly cues: readonly ReadonlySet<string>[];
}

/**
 * Commands, each in front of its colon, and the words that hint at them in a message that is no command and no search either. The
 * first one that fits is offered, never carried out, so a hint may be wrong now and then.
 */
const HINTS: readonly Hint[] = `
handover <since> <terms>: shift|shifts|handing|handover|overnight|schicht|übergabe|dienst|turno|relevo|relève|passation|briefing|debrief
unack <number>: off|back|else|after|wrong|wasn't|isn't|unassign|release ack|acks|mine|took|take|me
unack: off|back|else|after|wrong|wasn't|isn't|unassign|release ack|acks|mine|took|take|me
unfollow <name>: longer|more|anymore|stop|enough posted|following|follow|updates|informed
follow <name>: recovers|fixed|sorted|solved|back|better|normal|healthy|arreglado|résolu|repariert once|when|ping|dm|tell|know|notify|message|drop|avísame|avise|sag
verify: trust
unmute: make noise
unwatch: stop watching|posting|spamming|spam|telling
mute <name> <terms> for=<span> because="no reason given": quiet|silent|silence|silencia|silenciar|silencieux|stumm|ruhe|leise|shut|hush|noise|noisy|stop|mudo|muet
mute <name> <terms> for=<span> because="no reason given": alerts|alarms|notifications hour|hours|minutes|window|maintenance|until|till
ack all: take|taking|taken|mine|handle these|all|everything|lot
ack: ticket|case mine|take|taking|took|looking|opened|open
ack <number> for=<span>: hour|hours|minutes next|busy|back
ack <number>: mine|handling|looking|working|taking|took|taken|waiting|investigating|übernehme|encargo|ocupo|occupe|cuido|ticket|assigned
ack: mine|handling|übernehme|kümmere|encargo|ocupo|occupe|cuido
ack for=<span>: looking|working|investigating hour|hours|minutes
code <code>: fix|supposed|mean|means|explain|solve|cisco|ciscos|fault|heck|hell|wtf|quoi|c'est|bedeutet|heißt|significa|signifie|cause|reason
code: code|error mean|means|meaning
drill: test|trial|try|fake|dummy|sample alert|alerts|alarm|message
alerts: nobody|unclaimed|untouched|unassigned picked|taken|took|looked|claimed|yet
outbox: notifications|notification|messages|message|deliveries drop|dropped|lost|late|missing|delayed|undelivered|didn't|through|arrive|arrived
verify: alert|alerts|error|errors|anything lost|missed|missing|skipped|forgotten|forgot
history <name>: before|previously|past|earlier|happened|history|timeline|again|recurring|früher|verlauf|antes|historial|histórico|historique|l'historique|avant
subscribers <name>: people|persons|employees|staff|seats|users|using|benutzer|nutzer|mitarbeiter|usuarios|usuários|usando|utilisateurs|utilise
watch <name> <terms>: whenever|notify|notified|announce|care|inform|informed|post|tell|watch|eye|benachrichtige|avisa|avisame|avísame|avise|préviens|alerte
watch <name> <terms>: here hear|post|posted|report|reported
watches: telling|watching|subscribed|watched|monitoring|monitor
changes <since> <terms>: new|different|happend|happened|passiert|los|passé|pasado|aconteceu
next: rest|remaining|others
code: codes most|common|often|frequent|top|see
summary <terms>: total|totals|breakdown|overview|statistics|stats|figures|numbers|cuántos|cuantos|combien|wieviele|quantos
export <terms>: csv|excel|xlsx|spreadsheet|file|download|datei|tabelle|fichero|archivo|fichier|planilha
find: form|filter|mask|formular|formulario|formulaire
verify: sure|complete|match|matches|agree|agrees
help timezone: clock|zone|timezone|time local|wrong|our|change|set|use
status: itself|yourself|slow|lag|laggy|delayed|asleep|offline
customers status=error,provisioned_with_errors <name> <terms>: red|burning|fire|bad|wrong|trouble|troubles|affected|broke|broken|down|working|works|kaputt|falla|fallan|falha|soucis|souci|cassé|caído
customers code=<code> <name>: <code>
`
  .trim()
  .split("\n")
  .map((line) => {
    const [command = "", cues = ""] = line.split(/: (.*)/);
    return { command, cues: cues.split(" ").map((words) => new Set(words.split("|"))) };
  });

/** A longer message has words that are only near to those of a filter. */
const MOST_SLIPS = 2;

/**
 * The command that a search without a match was probably meant to be; undefined where nothing hints at one.
 * @param known the words of the search that are in names, ids or cities of customers
 */
export function likelyCommand(
  command: CustomersCommand,
  known: readonly string[],
  distance: Distance,
): Command | undefined {
  const words = wordsOf(command);
  const slots = slotsOf(command, { words, known, distance });
  for (const hint of HINTS) {
    const isMet = hint.cues.every((cue) => cue.has("<code>") || words.some((word) => cue.has(word)));
    const likely = isMet ? filled(hint.command, slots, distance) : undefined;
    if (likely !== undefined) return likely;
  }
  const corrected = words.length <= MOST_SLIPS ? correctSearch(command, distance) : undefined;
  if (corrected !== undefined || known.length === 0) return corrected;
  const isSame = known.join(" ").toLowerCase() === words.join(" ");
  return isSame ? undefined : filled("customers <name> <terms>", slots, distance);
}

/** The words that it searches for, and those that a "not" in front of them excludes. */
function wordsOf({ filter }: CustomersCommand): readonly string[] {
  return searchWords(filter.map((term) => ({ ...term, negated: false }))).map((word) => word.toLowerCase());
}

/** Shorter words are in many names. */
const SHORTEST_NAME = 4;
const SHORTEST_BEGINNING = 5;

/** A word as it may be in a name, and its beginning, since a slip is rarely there: `saltmrsh` begins like Saltmarsh. */
export function nameParts(word: string): readonly string[] {
  if (word.length < SHORTEST_NAME) return [];
  const letters = Math.max(SHORTEST_BEGINNING, Math.ceil(word.length * 0.6));
  return word.length > letters && !word.endsWith("*") ? [word, word.slice(0, letters)] : [word];
}

/** The codes of the Wholesale API have so many digits. */
const CODE = /^\d{4,6}$/;

type Slots = Readonly<Record<string, string | undefined>>;

interface Words {
  readonly words: readonly string[];
  readonly known: readonly string[];
  readonly distance: Distance;
}

function slotsOf({ filter }: CustomersCommand, { words, known, distance }: Words): Slots {
  const numbers = words.filter((word) => /^#?\d{1,15}$/.test(word)).map((word) => word.replace("#", ""));
  return {
    name: formatFilter(known.map(searchTerm)) || undefined,
    number: numbers.join(",") || undefined,
    code: numbers.filter((number) => CODE.test(number)).join(",") || undefined,
    // "no alerts of Calling" excludes nothing.
    terms: formatFilter([
      ...filter.filter(({ field }) => field !== "text").map((term) => ({ ...term, negated: false })),
      ...termsAmong(
        words.filter((word) => !known.includes(word)),
        distance,
      ),
    ]),
    span: spanIn(words) ?? "1h",
    since: filter.some(({ field }) => field === "since") ? undefined : sinceIn(words),
  };
}

/** A word that was taken for a part of a name, such as a country beside other words, has its own meaning where nobody is called so. */
function termsAmong(words: readonly string[], distance: Distance): Filter {
  const fields = new Map<string, Filter[number]>();
  for (const word of words) {
    const parsed = parse(`customers ${word}`, { distance });
    const [term, ...more] = parsed.ok && parsed.command.name === "customers" ? parsed.command.filter : [];
    if (term === undefined || more.length > 0 || isSearch(term)) continue;
    const values = [...(fields.get(term.field)?.values ?? []), ...term.values];
    fields.set(term.field, { ...term, values });
  }
  return [...fields.values()];
}

const UNITS: readonly (readonly [unit: string, words: RegExp])[] = [
  ["m", /^(?:m|min|mins|minutes?|minuten|minutos)$/],
  ["h", /^(?:h|hours?|stunden?|horas?|heures?)$/],
  ["d", /^(?:d|days?|tage?|días?|dias?|jours?)$/],
];

function sinceIn(words: readonly string[]): string | undefined {
  const span = spanIn(words);
  return span && `since=${span}`;
}

/** `2h` for "two hours" */
function spanIn(words: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const unit = UNITS.find(([, names]) => names.test(word))?.[0];
    const before = words[at - 1] ?? "";
    const count = countOf(before) ?? 0;
    if (unit !== undefined && count > 0 && count < 100) return `${count}${unit}`;
  }
  return undefined;
}

/** Undefined if the message has nothing for a slot of the command that must be filled, or if that makes no command. */
function filled(command: string, slots: Slots, distance: Distance): Command | undefined {
  const needsName = /^(?:history|follow|unfollow|subscribers)\b/.test(command);
  const lacksNumber = (["number", "code"] as const).some((slot) => command.includes(`<${slot}>`) && !slots[slot]);
  if ((needsName && slots.name === undefined) || lacksNumber) return undefined;
  const text = command.replace(SLOT, (_, slot) => slots[slot] ?? "").replace(/ {2,}/g, " ");
  const parsed = parse(text.trim(), { distance });
  return parsed.ok ? parsed.command : undefined;
}
