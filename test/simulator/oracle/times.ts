const MINUTE = 60_000;
const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `14:58 UTC`, `23 Nov, 14:58 UTC` or `23 Nov 2025, 14:58 UTC`, read at `at`: the beginning of that minute. */
export function readTime(text: string, at: number): number | undefined {
  const [, day, month = "", year, hours, minutes] =
    /(?:(\d{1,2}) (\w{3})\w*(?: (\d{4}))?, )?(\d{2}):(\d{2}) UTC/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const time = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  if (day === undefined) {
    const today = Math.floor(at / DAY) * DAY + time;
    return today <= at + MINUTE ? today : today - DAY;
  }
  const inYear = (one: number) => Date.UTC(one, MONTHS.indexOf(month), Number(day)) + time;
  const present = new Date(at).getUTCFullYear();
  return year === undefined ? inYear(present) : inYear(Number(year));
}
