import { fold } from "./fold.ts";
import type { TrueCustomer, TrueItem, Truth } from "./truth.ts";

/** The words that people read for the names of the API; another name is shown as it is, with spaces and a capital letter. */
const ITEM_WORDS: Readonly<Record<string, string>> = {
  "*": "Customer",
  common_area_calling: "Common area",
  webex_calling: "Calling",
  webex_meetings: "Meetings",
  webex_suite: "Suite",
  webex_voice: "Voice",
  cx_essentials: "CX Essentials",
  webex_calling_standard: "Calling Standard",
  cisco_calling_plan: "Cisco Calling Plan",
  attendant_console: "Attendant Console",
  cx_premium_agent: "CX Premium Agent",
  cx_standard_agent: "CX Standard Agent",
  cx_voice_ports: "CX Voice Ports",
  cx_ai_assistant: "CX AI Assistant",
  webex_ai_agent: "AI Agent",
  "addon:meetings_toll_dialin": "Toll dial-in",
};

/** `Contoso · Meetings`, with the names that people read. */
export function titleOf({ customer, item }: Pick<TrueItem, "customer" | "item">): string {
  return `${[...customer.names][0]} · ${wordsOf(item)}`;
}

function wordsOf(item: string): string {
  const name = item.replace(/^addon:/, "").replaceAll("_", " ");
  return ITEM_WORDS[item] ?? `${name}${item.startsWith("addon:") ? " add-on" : ""}`;
}

/** True if somebody may take the text for the name; it may be shortened, with `…` at its end. */
function isNameOf(text: string, name: string): boolean {
  const [read, whole] = [fold(text), fold(name)];
  if (text.trim().endsWith("…")) return read !== "" && whole.startsWith(read);
  return read === whole && (read !== "" || text.trim() === name.trim());
}

/** True if somebody who reads this text may think of the item. */
export const isItemNamed = (text: string, { item }: Pick<TrueItem, "item">): boolean => isNameOf(text, wordsOf(item));

function customersNamed(truth: Truth, text: string): readonly TrueCustomer[] {
  // A whole name is looked up, because thousands of customers are read by their names.
  const isWhole = !text.trim().endsWith("…") && fold(text) !== "";
  if (isWhole) return truth.customersCalled(fold(text));
  return truth.customers().filter(({ names }) => [...names].some((name) => isNameOf(text, name)));
}

/** The items that somebody may think of who reads these names. */
export function itemsNamed(truth: Truth, customer: string, item: string): readonly TrueItem[] {
  return customersNamed(truth, customer)
    .flatMap(({ id }) => truth.itemsOf(id))
    .filter((one) => isItemNamed(item, one));
}
