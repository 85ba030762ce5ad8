import { attempt, elementById, h } from "./dom.js";
import { readMembers } from "./messages.js";
import { avatarNode } from "./people.js";
import { openRoom, readRooms } from "./rooms.js";
import { roomOf } from "./state.js";

/** The dialog that creates a space, or changes the members of the open one. */
export function createMembersDialog({ state, webex }) {
  const dialog = elementById("people-dialog");
  const show = (title, ...content) => {
    dialog.replaceChildren(h("h2", { id: "people-dialog-title" }, title), ...content);
    dialog.showModal();
  };
  const closeButton = (label) => h("button", { type: "button", onclick: () => dialog.close() }, label);

  return {
    createSpace() {
      const create = (title, personIds) => attempt(() => createRoom({ state, webex }, title, personIds));
      const form = newSpaceForm(othersOf(state.get()), create, closeButton("Cancel"));
      show("New space", form);
      form.elements.namedItem("title").focus();
    },
    changeMembers() {
      const change = (person, checked) => attempt(() => setMember({ state, webex }, person, checked));
      show(
        `People in ${roomOf(state.get())?.title ?? "this space"}`,
        h("fieldset.members", {}, h("legend", {}, "In this space"), memberChoices(state.get(), change)),
        h("p.buttons", {}, closeButton("Done")),
      );
    },
  };
}

function newSpaceForm(others, create, cancelButton) {
  const title = h("input", { type: "text", name: "title", required: true, value: "", autocomplete: "off" });
  const form = h(
    "form",
    { method: "dialog", onsubmit: () => create(title.value, chosenIn(form)) },
    h("label.field", {}, "Name of the space", title),
    h(
      "fieldset.members",
      {},
      h("legend", {}, "People"),
      others.map((person) => choiceNode(person, person.role === "bot")),
    ),
    h("p.buttons", {}, h("button.primary", { type: "submit" }, "Create"), cancelButton),
  );
  return form;
}

function memberChoices(current, change) {
  const memberIds = new Set(current.members.map(({ personId }) => personId));
  return othersOf(current).map((person) => choiceNode(person, memberIds.has(person.personId), change));
}

const othersOf = ({ people, me }) => people.filter((person) => person !== me);

const chosenIn = (form) => [...form.querySelectorAll("input[type=checkbox]:checked")].map(({ value }) => value);

function choiceNode(person, checked, change) {
  const box = h("input", { type: "checkbox", value: person.personId, checked });
  if (change) box.addEventListener("change", () => change(person, box.checked));
  return h(
    "label.member",
    {},
    box,
    avatarNode(person, person.displayName),
    h("span", {}, person.displayName),
    h("span.role", { "data-role": person.role }, person.role),
  );
}

async function createRoom({ state, webex }, title, personIds) {
  const room = await webex().createRoom(title.trim());
  for (const personId of personIds) await webex().addMember(room.id, personId);
  await readRooms(state, webex);
  openRoom(state, room.id);
}

async function setMember({ state, webex }, person, wanted) {
  const { roomId, members } = state.get();
  const membership = members.find(({ personId }) => personId === person.personId);
  if (wanted && !membership) await webex().addMember(roomId, person.personId);
  if (!wanted && membership) await webex().removeMember(membership.id);
  await readMembers(state, webex);
}
