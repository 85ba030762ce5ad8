import type { Alert } from "../alerts/alert.ts";
import { isPossiblyAlertCard } from "../alerts/alert-views.ts";
import { alertCodes } from "../alerts/error-codes.ts";
import type { CustomerRef } from "../commands/customer-ref.ts";
import type { NumberCommand } from "../commands/number.ts";
import { parseFormatted } from "../commands/parse.ts";
import type { Command, CommandName, CommandOf } from "../commands/registry.ts";
import type { TurnCommand } from "../commands/turn.ts";
import type { FilterField } from "../customers/filter-fields.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { PostedCard } from "../ports/messaging.ts";
import { alertInRoom } from "./ack.ts";
import type { ReplyContext } from "./reply.ts";

/** The cards that a person has in view, newest first. */
export interface InView {
  /** In the thread of the message, down to its root; empty outside a thread. */
  readonly thread: readonly PostedCard[];
  /** In the space: what this person asked for, then the list that was last shown to anybody. */
  readonly space: readonly PostedCard[];
}

export interface CompletionContext
  extends Pick<ReplyContext, "alerts" | "snapshot" | "scope" | "roomId" | "clock" | "lastList"> {
  readonly inView: () => Promise<InView>;
}

/**
 * The command that typed words mean where they were typed (PRODUCT 2): `next` of the list on show, `ack` of the alert of the
 * thread, `history` of the customer on show. A command that says everything, or means nothing in view, is unchanged.
 */
export async function completeCommand(command: Command, context: CompletionContext): Promise<Command> {
  return (await complete(command, context)) ?? command;
}

async function complete<N extends CommandName>(
  command: CommandOf<N> & { readonly name: N },
  context: CompletionContext,
): Promise<Command | undefined> {
  return COMPLETIONS[command.name]?.(command, context);
}

type Completion<N extends CommandName> = (
  command: CommandOf<N>,
  context: CompletionContext,
) => Promise<Command | undefined>;

const COMPLETIONS: { readonly [N in CommandName]?: Completion<N> } = {
  turn: async ({ to }, { inView }) => turned(to, await inView()),
  number: meaningOfNumber,
  async smallTalk({ says }, { inView }) {
    const { thread, space } = await inView();
    const offer = says === "yes" ? (thread[0] ?? space[0])?.offer : undefined;
    return offer === undefined ? undefined : parseFormatted(offer);
  },
  async alert({ number }, context) {
    const only = number === undefined ? await onlyAlertOfThread(context) : undefined;
    return only && { name: "alert", number: only.id };
  },
  async code({ code }, context) {
    if (code !== undefined) return undefined;
    const [first] = (await alertsOfThread(context)).flatMap(alertCodes);
    return first === undefined ? undefined : { name: "code", code: first };
  },
  ack: withAlerts,
  unack: withAlerts,
  async mute(command, context) {
    const only = command.target === undefined ? await onlyAlertOfThread(context) : undefined;
    return only && { because: "muted in its thread", ...command, target: { by: "alert", alert: only.id } };
  },
  customer: withCustomer,
  history: withCustomer,
  subscribers: async (command, context) => (command.email === undefined ? withCustomer(command, context) : undefined),
  follow: withCustomer,
  unfollow: withCustomer,
};

async function withAlerts<C extends CommandOf<"ack" | "unack">>(
  command: C,
  context: CompletionContext,
): Promise<C | undefined> {
  if (command.alerts.length > 0) return undefined;
  return { ...command, alerts: (await alertsOfThread(context)).map(({ id }) => id) };
}

async function withCustomer<C extends Extract<Command, { readonly ref?: CustomerRef }>>(
  command: C,
  context: CompletionContext,
): Promise<C | undefined> {
  const id = command.ref === undefined ? await customerInView(context) : undefined;
  return id === undefined ? undefined : { ...command, ref: { by: "id", value: id } };
}

/** The command that turns the newest list in view; a list has pages. */
function turned(to: TurnCommand["to"], { thread, space }: InView): Command | undefined {
  const shown = [...thread, ...space].flatMap((card) => parseFormatted(card.command) ?? []);
  const lists = shown.filter((command) => "page" in command);
  const [list] = lists;
  if (typeof to === "number") return list && { ...list, page: to };
  switch (to) {
    case "next":
      return list && { ...list, page: list.page + 1 };
    case "prev":
      return list && { ...list, page: Math.max(1, list.page - 1) };
    case "back":
      return list === shown[0] ? turned("prev", { thread, space }) : list;
    case "refresh":
      return refreshed(shown.find(({ name }) => REFRESHED.has(name)));
  }
}

/** Commands that only read, so that asking again changes nothing. */
const REFRESHED: ReadonlySet<CommandName> = new Set<CommandName>([
  "customers",
  "customer",
  "summary",
  "changes",
  "history",
  "subscribers",
  "alerts",
  "alert",
  "code",
  "watches",
  "allWatches",
  "mutes",
  "handover",
  "subpartners",
  "status",
  "verify",
  "audit",
]);

function refreshed(command: Command | undefined): Command | undefined {
  return command !== undefined && "fresh" in command ? { ...command, fresh: true } : command;
}

/** A row of the list on show, an external id, a code, a zip or an alert (PRODUCT 2); a row of another page of the list is last. */
async function meaningOfNumber({ digits }: NumberCommand, context: CompletionContext): Promise<Command | undefined> {
  const row = Number(digits);
  const list = await context.lastList();
  const byRow = { name: "customer", ref: { by: "row", row }, fresh: false } as const;
  if (list?.rows.some((shown) => shown.row === row)) return byRow;
  if (await hasMatch("externalId", digits, context))
    return { name: "customer", ref: { by: "externalId", value: digits }, fresh: false };
  for (const field of ["code", "zip"] as const) {
    if (await hasMatch(field, digits, context)) return listOf(field, digits);
  }
  const alert = Number.isSafeInteger(row) ? await alertInRoom(row, context) : undefined;
  if (alert !== undefined) return { name: "alert", number: alert.id };
  return /^[1-9]\d{0,2}$/.test(digits) ? byRow : undefined;
}

function listOf(field: FilterField, text: string): CommandOf<"customers"> {
  const filter = [{ field, negated: false, values: [{ text, prefix: false }] }];
  return { name: "customers", filter, page: 1, max: PAGE_SIZE.usual, fresh: false };
}

async function hasMatch(field: FilterField, text: string, context: CompletionContext): Promise<boolean> {
  const { snapshot, scope, clock } = context;
  const { filter } = listOf(field, text);
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: 1, now: clock() });
  return records.length > 0;
}

/** The alerts that the thread is about; empty outside a thread: elsewhere a person may mean another one than the bot. */
async function alertsOfThread(context: CompletionContext): Promise<readonly Alert[]> {
  const { thread } = await context.inView();
  for (const card of thread) {
    const alerts = await alertsOf(card, context);
    if (alerts.length > 0) return alerts;
  }
  return [];
}

async function onlyAlertOfThread(context: CompletionContext): Promise<Alert | undefined> {
  const [only, ...others] = await alertsOfThread(context);
  return others.length === 0 ? only : undefined;
}

/** By what the card answers, else by what it told. */
async function alertsOf(card: PostedCard, context: CompletionContext): Promise<readonly Alert[]> {
  const command = parseFormatted(card.command);
  const number = command?.name === "alert" ? command.number : undefined;
  if (number !== undefined) {
    const alert = await alertInRoom(number, context);
    return alert === undefined ? [] : [alert];
  }
  if (!isPossiblyAlertCard(card)) return [];
  const shown = await context.alerts.alertsOnCard(context.roomId, card.messageId);
  return shown?.shown.map(({ alert }) => alert) ?? [];
}

/** The one customer of the thread; outside a thread, of what the person saw last. */
async function customerInView(context: CompletionContext): Promise<string | undefined> {
  const { thread, space } = await context.inView();
  for (const card of thread.length > 0 ? thread : space.slice(0, 1)) {
    const customers = await customersOf(card, context);
    if (customers.length > 0) return customers.length === 1 ? customers[0] : undefined;
  }
  return undefined;
}

async function customersOf(card: PostedCard, context: CompletionContext): Promise<readonly string[]> {
  if (card.rows.length > 0) return card.rows.map(({ customerId }) => customerId);
  const alerts = await alertsOf(card, context);
  return [...new Set(alerts.filter(({ drill }) => drill === undefined).map(({ key }) => key.customerId))];
}
