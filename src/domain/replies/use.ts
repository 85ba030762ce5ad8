import type { UseCommand } from "../commands/use.ts";
import { ALL_SUBPARTNERS } from "../commands/use.ts";
import { type Scope, WHOLE_TOKEN } from "../customers/sweep.ts";
import type { Subpartner } from "../ports/wholesale.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { UNBIND_BUTTON, useButton } from "./subpartners.ts";

/** Binds this space to one sub-partner, or frees it (PRODUCT 2). */
export async function replyUse({ subpartner }: UseCommand, context: ReplyContext): Promise<Reply> {
  if (subpartner === ALL_SUBPARTNERS)
    return bind(WHOLE_TOKEN, ["This space sees the customers of all sub-partners", UNBOUND_LINE]);
  const { list } = await context.subpartners();
  const [match, ...others] = matchingSubpartners(subpartner, list);
  if (match === undefined) return unknownSubpartner(list, context);
  if (others.length > 0)
    return textReply(
      "Several sub-partners match",
      ["Choose the one you mean."],
      [match, ...others].slice(0, 5).map(useButton),
    );
  const { orgId, name = orgId, state } = match;
  const lines = [BOUND_LINE, ...(state === "active" ? [] : [`Its state in Webex is ${state}.`])] as const;
  return bind(orgId, [`This space now sees only ${name}`, ...lines]);
}

const UNBOUND_LINE = "Lists, counts, history and files in this space cover all customers again.";
const BOUND_LINE =
  "Lists, counts, history and files here cover only its customers. They are read once first; until then, only filters by status, externalId and orgId work. “use all” ends this.";

function bind(scope: Scope, [title, ...lines]: readonly [string, ...string[]]): Reply {
  const buttons = scope === WHOLE_TOKEN ? [SHOW_BUTTON] : [SHOW_BUTTON, UNBIND_BUTTON];
  return { ...textReply(title, lines, buttons), changes: [{ kind: "scope", scope }] };
}

const SHOW_BUTTON = { title: "Show customers", command: "customers", main: true } as const;

/** By id, else by the whole name, else by a part of the name. */
function matchingSubpartners(text: string, list: readonly Subpartner[]): readonly Subpartner[] {
  const lower = text.toLowerCase();
  const rules = [
    ({ orgId }: Subpartner) => orgId === text,
    ({ name }: Subpartner) => name?.toLowerCase() === lower,
    ({ name }: Subpartner) => name?.toLowerCase().includes(lower) ?? false,
  ];
  return rules.map((isMatch) => list.filter(isMatch)).find((found) => found.length > 0) ?? [];
}

/** A bound space does not learn of other sub-partners. */
function unknownSubpartner(list: readonly Subpartner[], { scope }: ReplyContext): Reply {
  const lines = ["The bot’s token has access to no sub-partner of that name or ID."];
  if (scope !== WHOLE_TOKEN) return textReply("No such sub-partner", lines, [UNBIND_BUTTON]);
  return textReply("No such sub-partner", lines, list.slice(0, 5).map(useButton));
}
