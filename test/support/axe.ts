import axe from "axe-core";
import type { Page } from "playwright-core";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Selectors and the list of what passed take most of the time, and no test reads them. */
const QUICK = { resultTypes: ["violations"], selectors: false, preload: false };

/**
 * The rules of axe-core that the page violates as it is now, each with the elements that do.
 * @param only the ids of the rules to check; all without it
 */
export async function violationsOf(page: Page, only?: readonly string[]): Promise<readonly string[]> {
  // Evaluated, because the CSP of the page forbids another script in it.
  await page.evaluate(axe.source);
  // In the middle of a change of colours, the contrast is that of neither.
  await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))");
  const options = JSON.stringify(only === undefined ? QUICK : { ...QUICK, runOnly: only });
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(`axe.run(${options})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
