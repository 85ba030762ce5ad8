const NEAR_PX = 120;
const MARGIN_PX = 8;

/**
 * Keeps the newest message in sight, unless somebody is reading further up; one that is taller than the pane shows its
 * beginning. Older messages put on top move nothing, and neither does an edit: the button just pressed stays where it was.
 */
export function createFollower(log) {
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
  // Also when the pane comes back into sight on a phone.
  new ResizeObserver(() => follows && toNewest()).observe(log);
  // A picture grows when it has come. Loading does not bubble, but it can be caught on the way down.
  log.addEventListener("load", () => follows && toNewest(), true);

  return {
    /** From now on, until somebody scrolls up. */
    start() {
      follows = true;
    },
    /** Lets `draw` change the messages. */
    while(draw) {
      const before = { fromEnd: fromEnd(), first: log.firstElementChild, newest: idOf(log.lastElementChild) };
      draw();
      const came = idOf(log.lastElementChild) !== before.newest;
      if (follows && came) toNewest();
      else if (follows || log.firstElementChild !== before.first) {
        log.scrollTop = log.scrollHeight - before.fromEnd;
        placed = log.scrollTop;
      }
    },
  };
}

const idOf = (node) => node?.dataset.id;
