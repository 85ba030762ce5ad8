import { elementById, h } from "./dom.js";
import { loadSetting, saveSetting } from "./settings.js";

const ROLE_NOTES = {
  viewer: "Asks and exports.",
  operator: "Asks, watches, acknowledges, mutes, drills.",
  admin: "May do everything, and audit it.",
  outsider: "From another organisation: gets nothing from the bot, and quiets every space they join.",
};

/** "You are": the person whose token the page uses. Each tab of the browser may be another person. */
export function startPeople(state) {
  const select = elementById("who");
  select.addEventListener("change", () => selectPerson(state, select.value));
  state.on(["people"], ({ people }) => {
    const persons = people.filter(({ role }) => role !== "bot");
    select.replaceChildren(...persons.map(optionNode));
    const kept = persons.find(({ personId }) => personId === loadSetting(sessionStorage, "me"));
    // An operator may do all that the first steps need.
    const first = persons.find(({ role }) => role === "operator") ?? persons[0];
    selectPerson(state, (kept ?? first)?.personId);
  });
  state.on(["me"], ({ me }) => {
    if (!me) return;
    select.value = me.personId;
    elementById("who-note").textContent = ROLE_NOTES[me.role] ?? "";
    elementById("who-note").dataset.role = me.role;
  });
}

function selectPerson(state, personId) {
  const me = state.get().people.find((person) => person.personId === personId);
  saveSetting(sessionStorage, "me", personId);
  state.set({ me, rooms: [], roomId: undefined, draft: false, replyTo: undefined, unread: new Map() });
}

const optionNode = ({ personId, displayName, role }) => h("option", { value: personId }, `${displayName} (${role})`);

/** A coloured circle with initials, hidden from screen readers: the name stands beside it. */
export function avatarNode(person, name) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("");
  return h("span.avatar", { "aria-hidden": "true", "data-role": person?.role ?? "unknown" }, letters);
}
