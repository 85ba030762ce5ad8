/** What lists and files can be sorted by; `changed` is when the bot last saw anything of the customer change. */
export const SORT_FIELDS = ["name", "status", "externalId", "country", "city", "changed"] as const;

export type SortField = (typeof SORT_FIELDS)[number];
