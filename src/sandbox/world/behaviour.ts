import { z } from "zod";

/** Behaviour that the sources about the real APIs describe differently, or leave open. A bot must do with either. */
const BehaviourSchema = z.strictObject({
  /** The reference says that Webex refuses them with 400; in practice a card replaces the old one, and official samples rely on it. */
  cardEdits: z.enum(["accepted", "refused"]),
  /**
   * How a list of customers takes several statuses: each repeated one ("any"), these and those between commas ("comma"), by 400
   * ("reject"), as if there were none ("ignore"), or the last of them ("last").
   */
  multipleStatuses: z.enum(["any", "comma", "reject", "ignore", "last"]),
  /** Lists of the Wholesale API link to their next pages. */
  nextLinks: z.boolean(),
  /** The token may read organisations, which have the names of customers. */
  organizations: z.boolean(),
  /**
   * The texts that devices get by their sockets. Webex encrypts them. The sandbox has no service of keys, without which Cisco's SDK
   * ends, so they may also come as they are after decryption.
   */
  activityTexts: z.enum(["encrypted", "plain"]),
});

export type Behaviour = Readonly<z.output<typeof BehaviourSchema>>;

export const BehaviourChangeSchema = BehaviourSchema.partial();

const USUAL: Behaviour = {
  cardEdits: "accepted",
  multipleStatuses: "any",
  nextLinks: true,
  organizations: true,
  activityTexts: "encrypted",
};

interface BehaviourDeps {
  /** The differences from the usual behaviour at the start. */
  readonly given?: Partial<Behaviour> | undefined;
  readonly onChange: () => void;
}

export function createBehaviour({ given = {}, onChange }: BehaviourDeps) {
  const atStart: Behaviour = { ...USUAL, ...given };
  let current = atStart;
  return {
    now: () => current,
    change(change: z.output<typeof BehaviourChangeSchema>): void {
      current = BehaviourSchema.parse({ ...current, ...change });
      onChange();
    },
    /** As at the start. */
    reset(): void {
      current = atStart;
      onChange();
    },
  };
}
