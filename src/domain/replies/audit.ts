import { type AuditTerm, START } from "../audit.ts";
import type { AuditCommand } from "../commands/audit.ts";
import { commandOfWord } from "../commands/command-words.ts";
import { format } from "../commands/format.ts";
import { sinceTime } from "../customers/since.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { AuditQuery } from "../ports/audit.ts";
import { formatCount, formatDay, formatTime } from "../views/text.ts";
import type { AuditView, Button } from "../views/views.ts";
import { csvReply } from "./csv-file.ts";
import { boundSubpartner, subpartnerLines } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

const PAGE = 10;

/** The questions, presses, refusals and changes of people, newest first (PRODUCT 2). A bound space sees the rows of its sub-partner alone. */
export async function replyAudit(command: AuditCommand, context: ReplyContext): Promise<Reply> {
  const query = queryOf(command, context);
  if (command.isFile) return auditFile(command, query, context);
  const find = (page: number) => context.audit.find({ ...query, offset: (page - 1) * PAGE, max: PAGE });
  const asked = await find(command.page);
  const pages = Math.max(1, Math.ceil(asked.total / PAGE));
  const page = Math.min(command.page, pages);
  const { rows, total } = page === command.page ? asked : await find(page);
  const upTo = command.upTo ?? (page === 1 ? rows[0]?.id : undefined);
  const view: AuditView = {
    kind: "audit",
    filter: filterOf(command),
    rows,
    page,
    pages,
    total,
    ...(await boundSubpartner(context)),
    notes: notesOf(command),
    now: context.clock(),
    buttons: buttonsOf({ ...command, page, ...(upTo !== undefined && { upTo }) }, { pages, total }),
  };
  return { view };
}

function queryOf({ terms, since, upTo }: AuditCommand, { scope, clock }: ReplyContext): AuditQuery {
  return {
    terms: terms.map(withCommandNames),
    since: since === undefined ? undefined : sinceTime(since, clock()),
    upTo,
    scope: scope === WHOLE_TOKEN ? undefined : scope,
  };
}

/** `command=acknowledge` means `ack`. */
function withCommandNames(term: AuditTerm): AuditTerm {
  if (term.field !== "command") return term;
  const values = term.values.map((value) =>
    value.prefix ? value : { ...value, text: nameOf(value.text) ?? value.text },
  );
  return { ...term, values };
}

/** A start of the bot is no command, though people may greet it with that word. */
function nameOf(word: string): string | undefined {
  return word === START ? START : commandOfWord(word);
}

function notesOf({ terms }: AuditCommand): readonly string[] {
  const words = terms.filter(({ field }) => field === "command").flatMap(({ values }) => values);
  const unknown = words.filter(({ text, prefix }) => !prefix && nameOf(text) === undefined).map(({ text }) => text);
  return unknown.map((text) => `“${text}” is no command; “help” lists them.`);
}

/** The filter as people type it. */
function filterOf({ terms, since }: AuditCommand): string {
  return format({ name: "audit", terms, page: 1, ...(since !== undefined && { since }) }).replace(/^audit ?/, "");
}

function buttonsOf(
  command: AuditCommand,
  { pages, total }: { readonly pages: number; readonly total: number },
): readonly Button[] {
  const { page, upTo: _, ...newest } = command;
  const refusals: Button = { title: "Refusals", command: format({ ...newest, page: 1, terms: [REFUSED] }) };
  return [
    ...(page > 1 ? [{ title: "‹ Prev", command: format({ ...command, page: page - 1 }) }] : []),
    ...(page < pages ? [{ title: "Next ›", command: format({ ...command, page: page + 1 }) }] : []),
    ...(command.terms.length === 0 ? [refusals] : []),
    ...(total > 0 ? [{ title: "Export CSV", command: format({ ...newest, page: 1, isFile: true }) }] : []),
    { title: "Refresh", command: format({ ...newest, page: 1 }) },
  ];
}

const REFUSED: AuditTerm = { field: "outcome", negated: false, values: [{ text: "refused", prefix: false }] };

/** The rows of this moment as a CSV file; the row of this export is not among them. */
async function auditFile(command: AuditCommand, query: AuditQuery, context: ReplyContext): Promise<Reply> {
  const { audit, auditCsv, clock } = context;
  const now = clock();
  const { rows, total } = await audit.find({ ...query, offset: 0, max: 1 });
  const about = [
    `Filter: ${filterOf(command) || "all rows"}.`,
    ...(await subpartnerLines(context)),
    ...notesOf(command),
  ];
  const [newest] = rows;
  if (newest === undefined) return textReply("No row matches, so there is no file", about, [AUDIT_BUTTON]);
  return csvReply({
    title: `Audit: ${formatCount(total, "row")}, as of ${formatTime(now, now)}`,
    about,
    buttons: [AUDIT_BUTTON],
    name: `audit-${formatDay(now)}.csv`,
    total,
    noun: "row",
    rows: () => audit.stream({ ...query, upTo: newest.id }),
    write: auditCsv,
    clock,
  });
}

const AUDIT_BUTTON: Button = { title: "Audit", command: "audit" };
