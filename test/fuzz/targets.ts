import { cards } from "./cards.ts";
import { statusPage } from "./status-page.ts";
import type { FuzzTarget } from "./target.ts";
import { filters, parser, presses } from "./texts.ts";
import { headers, wholesale } from "./upstream.ts";
import { webhook } from "./webhook.ts";

export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  webhook,
  parser,
  presses,
  cards,
  filters,
  headers,
  wholesale,
  statusPage,
];
