const NEAR_PX = 120;
const MARGIN_PX = 8;

/**
 * Keeps the newest message visible, unless somebody has scrolled up; a message taller than the pane shows its beginning.
 * Earlier messages and edits do not move the view: the button just pressed stays where it was.
 */
export function createAutoScroll(log) {
  let follows = true;
  let placed;
  const fromEnd = () => log.scrollHeight - log.scrollTop;
  const toNewest = () => {
    const newest = log.lastElementChild;
    const tall = newest !== null && newest.offsetHeight > log.clientHeight;
    log.scrollTop = tall ? newest.offsetTop - MARGIN_PX : log.scrollHeight;
    placed = log.scrollTop;
  };

  log.addEventListener("scroll", () => {
    if (log.scrollTop !== placed) follows = fromEnd() - log.clientHeight < NEAR_PX;
  });
  // Also when the pane becomes visible again on a phone.
  new ResizeObserver(() => follows && toNewest()).observe(log);
  // A picture grows when it is loaded. `load` does not bubble, so it is captured.
  log.addEventListener("load", () => follows && toNewest(), true);

  return {
    /** Scrolls from now on, until somebody scrolls up. */
    start() {
      follows = true;
    },
    /** Calls `draw`, which changes the messages, and then scrolls. */
    while(draw) {
      const before = { fromEnd: fromEnd(), first: log.firstElementChild, newest: idOf(log.lastElementChild) };
      draw();
      const isNew = idOf(log.lastElementChild) !== before.newest;
      if (follows && isNew) toNewest();
      else if (follows || log.firstElementChild !== before.first) {
        log.scrollTop = log.scrollHeight - before.fromEnd;
        placed = log.scrollTop;
      }
    },
  };
}

const idOf = (node) => node?.dataset.id;
