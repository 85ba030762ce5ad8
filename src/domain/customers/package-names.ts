/** The display names of the packages (API page and published API description). */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ["common_area_calling", "Common area"],
  ["webex_calling", "Calling"],
  ["webex_meetings", "Meetings"],
  ["webex_suite", "Suite"],
  ["webex_voice", "Voice"],
  ["cx_essentials", "CX Essentials"],
  ["webex_calling_standard", "Calling Standard"],
  ["cisco_calling_plan", "Cisco Calling Plan"],
  ["attendant_console", "Attendant Console"],
  ["cx_premium_agent", "CX Premium Agent"],
  ["cx_standard_agent", "CX Standard Agent"],
  ["cx_voice_ports", "CX Voice Ports"],
  ["cx_ai_assistant", "CX AI Assistant"],
  ["webex_ai_agent", "AI Agent"],
]);

const ADD_ONS: ReadonlyMap<string, string> = new Map([["meetings_toll_dialin", "Toll dial-in"]]);

/** `webex_calling` is "Calling"; undefined for an unknown package. */
export function packageDisplayName(name: string): string | undefined {
  return PACKAGES.get(name);
}

export function addOnDisplayName(name: string): string | undefined {
  return ADD_ONS.get(name);
}
