import { foldCase } from "../customers/compare-text.ts";

/**
 * Words of German, Spanish, Portuguese and French that have one clear English equivalent here, without accents. They are compared
 * as that word; a name or a note keeps them as they were typed.
 */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    errors: "fehler errores erros erreurs stoerungen storungen probleme problemas problemes pannes",
    error: "erro erreur stoerung storung panne",
    failed: "fehlgeschlagen fehlerhaft defekt kaputt fallidos fallando falhando falhados echoue echoues",
    customers: "kunden clientes kundenliste clienteles",
    customer: "kunde kundin cliente",
    alerts: "alarme alarmes alertas alertes warnmeldungen",
    alert: "alarm alarma alarme alerta alerte",
    summary: "zusammenfassung resumen resumo resume uebersicht ubersicht",
    history: "verlauf historial historico historique",
    status: "estado statut zustand",
    help: "hilfe ayuda ajuda aide",
    hello: "hallo hola ola bonjour salut moin servus",
    thanks: "danke gracias obrigado obrigada merci",
    yes: "ja si sim oui",
    no: "nein nao non",
    cancel: "abbrechen cancelar annuler",
    next: "weiter siguiente proximo proxima seguinte suivant suivante",
    back: "zurueck zuruck atras voltar retour",
    prev: "vorherige anterior precedent precedente",
    refresh: "aktualisieren actualizar atualizar actualiser",
    show: "zeige zeig anzeigen muestra muestrame mostrar mostra ver montre montrer affiche afficher",
    find: "suche suchen buscar busca chercher cherche",
    open: "oeffne offne oeffnen offnen abrir abre ouvrir ouvre",
    all: "alle alles todos todas todo tudo tous toutes tout",
    today: "heute hoy hoje aujourd'hui",
    yesterday: "gestern ayer ontem hier",
    since: "seit desde depuis",
    hours: "stunden horas heures",
    hour: "stunde hora heure",
    minutes: "minuten minutos",
    days: "tage tagen dias jours",
    week: "woche semana semaine",
    last: "letzten letzte letzter ultimas ultimos ultima ultimo derniere dernieres dernier derniers",
    in: "im en em na dans aus",
    with: "mit con com avec",
    without: "ohne sin sem sans",
    of: "von der dem del da dos das des du aux",
    the: "den die el los las les le la il os",
    and: "und y e et",
    or: "oder ou",
    me: "mir mich uns",
    is: "ist sind es esta estan est sont hay ha tem gibt",
    which: "welche welcher que quais cuales quels quelles qual cual",
    please: "bitte favor plait svp por",
    because: "weil wegen porque parce",
    calling: "telefonie llamadas chamadas appels",
    meetings: "besprechungen reuniones reunioes reunions",
  }).flatMap(([english, words]) => words.split(" ").map((word) => [word, english] as const)),
);

/** Without accents: by far most words, which need no folding. */
const IS_ENGLISH = /^[!-~]*$/;

/** The English word that a word in lower case stands for; itself if it stands for none. */
export function inEnglish(word: string): string {
  return SYNONYMS.get(word) ?? (IS_ENGLISH.test(word) ? word : (SYNONYMS.get(foldCase(word)) ?? word));
}
