/** The text of a file of settings with these set: a line `NAME=` is replaced, also one that is commented out; else a line is added. */
export function withSettings(text: string, settings: Readonly<Record<string, string>>): string {
  let changed = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  for (const [name, value] of Object.entries(settings)) {
    const line = `${name}=${quoted(value)}`;
    const place = placeOf(changed, name);
    // By a function, because a value may hold what a replacement text would expand, such as `$&`.
    changed = place === undefined ? `${changed}${line}\n` : changed.replace(place, () => line);
  }
  return changed;
}

/** Keeps a setting as a comment, so that it no longer counts. */
export function withoutSetting(text: string, name: string): string {
  return text.replace(new RegExp(`^(?:export )?${name}=(?=.*\\S)`, "m"), () => `# ${name}=`);
}

/** A space or a number sign would end a value that is not in quotes. */
const quoted = (value: string): string => (/^[\w.~+/=:-]*$/.test(value) ? value : `"${value}"`);

/** An active line comes before one that is commented out. */
function placeOf(text: string, name: string): RegExp | undefined {
  return [`^(?:export )?${name}=.*$`, `^# *${name}=.*$`]
    .map((line) => new RegExp(line, "m"))
    .find((line) => line.test(text));
}
