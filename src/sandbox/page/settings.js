import { elementById } from "./dom.js";

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** Card width and theme, saved for the next visit. */
export function startSettings(state) {
  bindChoice("width", 432, (value) => {
    document.documentElement.style.setProperty("--card-width", `${value}px`);
    state.set({ width: Number(value) });
  });
  bindChoice("theme", "auto", (theme) => {
    document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
    state.set({ theme, dark: isDark(theme) });
  });
  darkSystem.addEventListener("change", () => state.set({ dark: isDark(state.get().theme) }));
}

const isDark = (theme) => theme === "dark" || (theme === "auto" && darkSystem.matches);

function bindChoice(name, fallback, show) {
  const choice = elementById(`${name}-choice`);
  const kept = loadSetting(localStorage, name) ?? String(fallback);
  const radio = choice.querySelector(`input[value="${CSS.escape(kept)}"]`) ?? choice.querySelector("input");
  radio.checked = true;
  show(radio.value);
  choice.addEventListener("change", ({ target }) => {
    saveSetting(localStorage, name, target.value);
    show(target.value);
  });
}

/** Storage may be refused, as in a private window; then the setting lasts as long as the page. */
export function saveSetting(storage, name, value) {
  try {
    storage.setItem(`sandbox.${name}`, value);
  } catch {}
}

export function loadSetting(storage, name) {
  try {
    return storage.getItem(`sandbox.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
