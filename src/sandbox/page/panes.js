import { element } from "./dom.js";

const PANES = ["spaces", "chat", "world", "wires"];

/** Which panes share the tabs at which width; the others are always in sight. The first is shown to begin with. */
const LAYOUTS = [
  { media: matchMedia("(min-width: 1100px)"), tabs: ["world", "wires"] },
  { media: matchMedia("(min-width: 720px)"), tabs: ["spaces", "world", "wires"] },
  { media: matchMedia("all"), tabs: ["chat", "spaces", "world", "wires"] },
];

/** Shows the panes that fit. Returns a function that brings a pane into sight. */
export function startPanes() {
  let chosen;
  const show = (pane) => {
    chosen = pane;
    layOut(chosen);
  };
  for (const { media } of LAYOUTS) media.addEventListener("change", () => layOut(chosen));
  for (const pane of PANES) element(`tab-${pane}`).addEventListener("click", () => show(pane));
  element("tabs").addEventListener("keydown", (event) => step(event, show));
  layOut(chosen);
  return show;
}

const tabsNow = () => LAYOUTS.find(({ media }) => media.matches)?.tabs ?? PANES;

function layOut(chosen) {
  const tabs = tabsNow();
  const open = tabs.includes(chosen) ? chosen : tabs[0];
  for (const pane of PANES) {
    const tab = element(`tab-${pane}`);
    tab.hidden = !tabs.includes(pane);
    tab.setAttribute("aria-selected", String(pane === open));
    tab.tabIndex = pane === open ? 0 : -1;
    element(pane).hidden = tabs.includes(pane) && pane !== open;
  }
}

/** Arrow keys walk along the tabs, as in every tab list. */
function step(event, show) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const tabs = PANES.filter((pane) => tabsNow().includes(pane));
  const at = tabs.findIndex((pane) => element(`tab-${pane}`) === document.activeElement);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  event.preventDefault();
  show(next);
  element(`tab-${next}`).focus();
}
