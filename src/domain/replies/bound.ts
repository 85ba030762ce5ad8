import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { isExternalFailure } from "../trouble.ts";
import type { Refusal } from "./plan.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { textReply } from "./say.ts";

/** What people read of the sub-partner that this space is bound to; nothing in a space that is not. */
export async function boundSubpartner({
  scope,
  subpartners,
}: Pick<ReplyContext, "scope" | "subpartners">): Promise<{ readonly subpartner?: string }> {
  if (scope === WHOLE_TOKEN) return {};
  try {
    const { list } = await subpartners();
    return { subpartner: list.find(({ orgId }) => orgId === scope)?.name ?? scope };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return { subpartner: scope };
  }
}

/** Kindly: what cannot be asked of a sub-partner here, and what can. */
export async function refusalReply({ from }: Refusal, context: ReplyContext): Promise<Reply> {
  if (from === "unbound") {
    return textReply(
      "That takes a space of that sub-partner",
      [
        "By sub-partner, Webex itself filters together with status, externalId and orgId only. For everything else I need a copy of that sub-partner’s customers, which I keep for the spaces that are bound to it.",
        "An admin binds a space with “use subpartner=…”.",
      ],
      [{ title: "Sub-partners", command: "subpartners", main: true }],
    );
  }
  const { subpartner = "one sub-partner" } = await boundSubpartner(context);
  return textReply(
    `This space sees only ${subpartner}`,
    ["It is bound to that sub-partner, and customers of others are not shown here. Leave subpartner=… out."],
    [{ title: "Show customers", command: "customers", main: true }],
  );
}
