import { hasRequiredRole } from "../access.ts";
import { format } from "../commands/format.ts";
import { ALL_SUBPARTNERS } from "../commands/use.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { Button } from "../views/views.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** The sub-partners; a bound space sees only its own. */
export async function replySubpartners(context: ReplyContext): Promise<Reply> {
  const { scope, role, subpartners } = context;
  const { list, readAt } = await subpartners();
  const shown = list
    .filter(({ orgId }) => scope === WHOLE_TOKEN || orgId === scope)
    .map(({ orgId, name = orgId, state }) => ({ orgId, name, state, isBound: orgId === scope }));
  const use = shown.filter(({ isBound }) => !isBound).map(useButton);
  const free = scope === WHOLE_TOKEN ? [] : [UNBIND_BUTTON];
  return {
    view: {
      kind: "subpartners",
      subpartners: shown,
      freshness: { source: "live", readAt },
      buttons: hasRequiredRole(role, "use") ? [...free, ...use].slice(0, 5) : [],
    },
  };
}

/** Binds by the id, because names may repeat. */
export function useButton({ orgId, name = orgId }: { readonly orgId: string; readonly name?: string }): Button {
  return { title: `Use ${name}`, command: format({ name: "use", subpartner: orgId }) };
}

export const UNBIND_BUTTON: Button = {
  title: "See all",
  command: format({ name: "use", subpartner: ALL_SUBPARTNERS }),
};
