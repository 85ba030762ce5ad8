import type { HttpResponse } from "../http.ts";

/** A page as it came in answer to a call for `max` rows from `offset` on. */
export interface ReceivedPage {
  /** Which list it belongs to. */
  readonly list: string;
  readonly offset: number;
  readonly max: number;
  readonly rows: number;
  readonly response: HttpResponse;
}

/**
 * Whether a list goes on behind a page. A Link header knows. Without one, a full page has a successor; a short page is the
 * end only if this API does not cut pages without a word, which one look behind the first short page tells.
 */
export function createEndOfList(): (page: ReceivedPage) => boolean {
  let shortIsEnd = false;
  let cuts = false;
  let looking: string | undefined;

  return ({ list, offset, max, rows, response }) => {
    if (response.hasNext) {
      shortIsEnd = true;
      return true;
    }
    if (response.headers.link !== undefined) return false;
    if (looking === `${list} ${offset}`) {
      cuts ||= rows > 0;
      shortIsEnd ||= !cuts;
      looking = undefined;
    }
    if (rows === 0 || (rows < max && shortIsEnd && !cuts)) return false;
    if (rows < max) looking = `${list} ${offset + rows}`;
    return true;
  };
}
