const TIME = /^(\d{1,2})(?:[:.h]?(\d\d))?(?:h|uhr)?([ap]\.?m)?$/i;

/** `HH:MM` of `9`, `9:30`, `0930`, `9.30pm`; undefined when the text is no time, such as `25:00`. */
export function parseTimeOfDay(text: string): string | undefined {
  const [, digits, minutes = "00", half = ""] = TIME.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const hours = hoursOf(Number(digits), half.charAt(0).toLowerCase());
  if (hours === undefined || Number(minutes) > 59) return undefined;
  return `${String(hours).padStart(2, "0")}:${minutes}`;
}

/** 12 am is 0 o'clock, 12 pm is 12. */
function hoursOf(hours: number, half: string): number | undefined {
  if (half === "") return hours <= 23 ? hours : undefined;
  if (hours < 1 || hours > 12) return undefined;
  return (hours % 12) + (half === "p" ? 12 : 0);
}
