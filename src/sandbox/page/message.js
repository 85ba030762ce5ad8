import { cardNode } from "./card.js";
import { h, timeNode } from "./dom.js";
import { fileNode } from "./files.js";
import { messageBodyNode } from "./markdown.js";
import { messageDetailsNode } from "./message-details.js";
import { avatarNode } from "./people.js";

/** One message: author, time, content and a button to reply. */
export function messageNode({ message, reply, continued, readOnly = false, now, state, webex }) {
  const person = now.people.find(({ personId }) => personId === message.personId);
  const name = person?.displayName ?? message.personEmail ?? "Somebody";
  const classes = ["message", reply && "reply", continued && "continued"].filter(Boolean).join(".");
  const head = h(
    "header",
    {},
    h("strong", {}, name),
    person && person.role !== "viewer" && h("span.role", { "data-role": person.role }, person.role),
    timeNode(message.created),
    edited(message) && h("span.edited", { title: new Date(message.updated).toLocaleString() }, "edited"),
  );
  const content = message.deleted
    ? [h("p.deleted", {}, "Message deleted")]
    : [...contentOf({ message, now, webex }), !readOnly && replyButton({ message, name, state })];
  return h(
    `article.${classes}`,
    { "data-id": message.id, "aria-label": `${name}, ${new Date(message.created).toLocaleTimeString()}` },
    avatarNode(person, name),
    h("div.content", {}, head, content),
  );
}

const edited = ({ created, updated }) => updated !== undefined && updated !== created;

/** The text of a message with a card is for clients without cards, so it is folded under the card. */
function contentOf({ message, now, webex }) {
  const cards = (message.attachments ?? []).map(({ content }) => content);
  const files = (message.files ?? []).map((address) => fileNode(address, webex));
  if (cards.length === 0) return [messageBodyNode(message), ...files];
  const press = (inputs) => webex().press(message.id, inputs);
  return [
    ...cards.flatMap((json) => {
      const { node, notes } = cardNode({ json, message, dark: now.dark, press });
      return [node, messageDetailsNode({ json, message, notes })];
    }),
    ...files,
  ];
}

function replyButton({ message, name, state }) {
  const reply = () => {
    state.set({ replyTo: { id: message.parentId ?? message.id, name } });
    document.getElementById("composer-text")?.focus();
  };
  return h(
    "button.quiet.reply-button",
    { type: "button", onclick: reply, "aria-label": `Reply to ${name} in the thread` },
    "Reply",
  );
}
