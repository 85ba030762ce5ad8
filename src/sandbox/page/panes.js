import { elementById } from "./dom.js";

const PANES = ["spaces", "chat", "world", "traffic"];

/** The panes that share the tabs at each width, the first one open at the start; the other panes are always visible. */
const LAYOUTS = [
  { media: matchMedia("(min-width: 1100px)"), tabs: ["world", "traffic"] },
  { media: matchMedia("(min-width: 720px)"), tabs: ["spaces", "world", "traffic"] },
  { media: matchMedia("all"), tabs: ["chat", "spaces", "world", "traffic"] },
];

/** Shows the panes that fit. Returns a function that opens a pane. */
export function startPanes() {
  let chosen;
  const show = (pane) => {
    chosen = pane;
    layOut(chosen);
  };
  for (const { media } of LAYOUTS) media.addEventListener("change", () => layOut(chosen));
  for (const pane of PANES) elementById(`tab-${pane}`).addEventListener("click", () => show(pane));
  elementById("tabs").addEventListener("keydown", (event) => moveTab(event, show));
  layOut(chosen);
  return show;
}

const tabsNow = () => LAYOUTS.find(({ media }) => media.matches)?.tabs ?? PANES;

function layOut(chosen) {
  const tabs = tabsNow();
  const open = tabs.includes(chosen) ? chosen : tabs[0];
  for (const pane of PANES) {
    const tab = elementById(`tab-${pane}`);
    tab.hidden = !tabs.includes(pane);
    tab.setAttribute("aria-selected", String(pane === open));
    tab.tabIndex = pane === open ? 0 : -1;
    elementById(pane).hidden = tabs.includes(pane) && pane !== open;
  }
}

/** Arrow keys move along the tabs, as in every tab list. */
function moveTab(event, show) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const tabs = PANES.filter((pane) => tabsNow().includes(pane));
  const at = tabs.findIndex((pane) => elementById(`tab-${pane}`) === document.activeElement);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  event.preventDefault();
  show(next);
  elementById(`tab-${next}`).focus();
}
