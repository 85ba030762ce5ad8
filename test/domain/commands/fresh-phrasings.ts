/** A message as somebody wrote it who knew only docs/product.md. */
export interface Phrasing {
  readonly phrase: string;
  /** Commands, separated by ` || `; any of them is right. In brackets, a short answer. */
  readonly means: string;
}
