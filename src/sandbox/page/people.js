import { element, h } from "./dom.js";
import { keep, recall } from "./settings.js";

const ROLE_NOTES = {
  viewer: "Asks and exports.",
  operator: "Asks, watches, acknowledges, mutes, drills.",
  admin: "May do everything, and audit it.",
  outsider: "From another organisation: gets nothing from the bot, and quiets every space they join.",
};

/** "You are": whose token the page speaks with. Each tab of the browser may be somebody else. */
export function startPeople(state) {
  const select = element("who");
  select.addEventListener("change", () => become(state, select.value));
  state.on(["people"], ({ people }) => {
    const persons = people.filter(({ role }) => role !== "bot");
    select.replaceChildren(...persons.map(optionOf));
    const kept = persons.find(({ personId }) => personId === recall(sessionStorage, "me"));
    become(state, (kept ?? persons[0])?.personId);
  });
  state.on(["me"], ({ me }) => {
    if (!me) return;
    select.value = me.personId;
    element("who-note").textContent = ROLE_NOTES[me.role] ?? "";
    element("who-note").dataset.role = me.role;
  });
}

function become(state, personId) {
  const me = state.get().people.find((person) => person.personId === personId);
  keep(sessionStorage, "me", personId);
  state.set({ me, rooms: [], roomId: undefined, draft: false, replyTo: undefined, unread: new Map() });
}

const optionOf = ({ personId, displayName, role }) => h("option", { value: personId }, `${displayName} (${role})`);

/** A coloured circle with initials; only an ornament beside the name. */
export function avatarOf(person, name) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("");
  return h("span.avatar", { "aria-hidden": "true", "data-role": person?.role ?? "unknown" }, letters);
}
