import { h } from "./dom.js";
import { messageBodyNode, renderCardMarkdown } from "./markdown.js";

const { AdaptiveCard, HostConfig, OpenUrlAction, SerializationContext, SubmitAction, Version } =
  globalThis.AdaptiveCards;
const NEWEST = new Version(1, 3);
const SENT_MS = 2000;

const hostConfigs = { light: undefined, dark: undefined };

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = renderCardMarkdown(text);
  result.didProcess = true;
};

/** Loads the host configs of Webex's clients; must be awaited before the first card. */
export async function readHostConfigs() {
  for (const theme of Object.keys(hostConfigs)) {
    const answer = await fetch(`./hostconfig-${theme}.json`);
    hostConfigs[theme] = new HostConfig(await answer.json());
  }
}

/**
 * A card as Webex draws it: up to version 1.3; its buttons can be pressed again.
 * @param {{json: any, message: any, dark: boolean, press: (inputs: object) => Promise<unknown>}} asked
 * @returns {{node: HTMLElement, notes: string[]}} the notes are the renderer's warnings about the JSON
 */
export function cardNode({ json, message, dark, press }) {
  const context = new SerializationContext(NEWEST);
  const card = new AdaptiveCard();
  card.hostConfig = hostConfigs[dark ? "dark" : "light"];
  card.parse(json, context);
  const notes = notesOf(context);
  const rendered = isTooNew(json) ? undefined : card.render();
  if (!rendered)
    return { node: messageBodyNode(message), notes: [...notes, "Webex shows the text instead of this card."] };
  markTitle(rendered);
  const status = h("p.pressed", { role: "status" });
  card.onExecuteAction = (action) => execute(action, { press, status });
  return { node: h("div.card", {}, rendered, status), notes };
}

/** The first text of a card is its title, and a heading, so that a screen reader can go from card to card. */
function markTitle(rendered) {
  const title = rendered.querySelector(".ac-textBlock");
  title?.setAttribute("role", "heading");
  title?.setAttribute("aria-level", "3");
}

function isTooNew({ version }) {
  const wanted = Version.parse(String(version), new SerializationContext(NEWEST));
  return !wanted || NEWEST.compareTo(wanted) < 0;
}

function notesOf(context) {
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
}

async function execute(action, { press, status }) {
  if (action instanceof OpenUrlAction) return openElsewhere(action.url);
  if (!(action instanceof SubmitAction)) return;
  const button = action.renderedElement;
  try {
    await press(action.data ?? {});
    flash(status, "sent", `✓ ${action.title ?? "Answer"} sent`);
    button?.classList.add("is-sent");
    setTimeout(() => button?.classList.remove("is-sent"), SENT_MS);
  } catch (error) {
    flash(status, "failed", `Not sent: ${error.message}`);
  }
}

function flash(status, outcome, text) {
  status.dataset.outcome = outcome;
  status.textContent = text;
  clearTimeout(Number(status.dataset.timer));
  status.dataset.timer = String(
    setTimeout(() => {
      status.textContent = "";
    }, SENT_MS * 2),
  );
}

function openElsewhere(address) {
  if (/^https?:/i.test(address ?? "")) window.open(address, "_blank", "noopener,noreferrer");
}
