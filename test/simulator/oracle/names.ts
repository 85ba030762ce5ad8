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
  "addon:meetings_toll_dialin": "Meetings toll dial-in add-on",
};

/** `Contoso · Meetings`, with the names that people read. */
export function titleOf({ customer, item }: Pick<TrueItem, "customer" | "item">): string {
  return `${[...customer.names][0]} · ${wordsOf(item)}`;
}

function wordsOf(item: string): string {
  const name = item.replace(/^addon:/, "").replaceAll("_", " ");
  return ITEM_WORDS[item] ?? `${name}${item.startsWith("addon:") ? " add-on" : ""}`;
}

/** What is left of a text when marks, spaces and cases do not count, as cards replace some characters. */
function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  const short = text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  folded.set(text, short);
  return short;
}

const folded = new Map<string, string>();

/** True if somebody may take the text for the name; it may be shortened, with `…` at its end. */
function isNameOf(text: string, name: string): boolean {
  const [read, whole] = [fold(text), fold(name)];
  if (text.trim().endsWith("…")) return read !== "" && whole.startsWith(read);
  return read === whole && (read !== "" || text.trim() === name.trim());
}

const isCustomer = (text: string, { names }: TrueCustomer): boolean => [...names].some((name) => isNameOf(text, name));

/** The items that somebody may think of who reads these names. */
export function itemsNamed(truth: Truth, customer: string, item: string): readonly TrueItem[] {
  return truth
    .customers()
    .filter((one) => isCustomer(customer, one))
    .flatMap(({ id }) => truth.itemsOf(id))
    .filter((one) => isNameOf(item, wordsOf(one.item)));
}
