/** A longer element, or so much text around the elements, is no answer of Webex. */
const LONGEST_ELEMENT = 64 * 1024;
const LONGEST_REST = 4 * 1024 * 1024;
/** The end of the text up to the list that is under the key `items` of the outermost object. */
const ITEMS_KEY = /[{,]\s*"items"\s*:\s*\[$/;
const KEY_LENGTH = 64;
/** Inside the list. */
const LIST_DEPTH = 2;

/** Takes a JSON object in pieces, so that it need not be held as a whole. */
export interface ItemSplitter {
  /** @returns the elements of the list `items` that are complete with this piece, as text: objects and lists alone */
  push(piece: string): readonly string[];
  /** The text without the elements that were handed out; `0` stands in the place of each. */
  rest(): string;
  /** True if no further piece can make an answer of it. */
  isTooLong(): boolean;
}

/** Splits `{"items":[{…},{…}]}` at its brackets. It checks no grammar: if the rest and all elements are JSON, the whole is. */
export function createItemSplitter(): ItemSplitter {
  const isBracket = createBracketTest();
  let rest = "";
  /** The end of `rest`, so that the long text is not searched again and again. */
  let restEnd = "";
  let element = "";
  let depth = 0;
  let isItems = false;

  const write = (text: string): void => {
    if (isItems && depth > LIST_DEPTH) {
      element += text;
      return;
    }
    rest += text;
    restEnd = (restEnd + text).slice(-KEY_LENGTH);
  };

  const open = (bracket: string): void => {
    depth += 1;
    write(bracket);
    if (depth === LIST_DEPTH) isItems = ITEMS_KEY.test(restEnd);
  };

  /** @returns the element that ends here */
  const close = (bracket: string): readonly string[] => {
    write(bracket);
    depth -= 1;
    if (!isItems || depth !== LIST_DEPTH) return [];
    const complete = element;
    element = "";
    write("0");
    return [complete];
  };

  return {
    push: (piece) => {
      const complete: string[] = [];
      let from = 0;
      for (let at = 0; at < piece.length; at += 1) {
        const char = piece.charAt(at);
        if (!isBracket(char)) continue;
        write(piece.slice(from, at));
        if (char === "{" || char === "[") open(char);
        else complete.push(...close(char));
        from = at + 1;
      }
      write(piece.slice(from));
      return complete;
    },
    rest: () => rest + element,
    isTooLong: () => element.length > LONGEST_ELEMENT || rest.length > LONGEST_REST,
  };
}

/** Tells the brackets of a JSON text from those in its strings. It sees each character once, in their order. */
function createBracketTest(): (char: string) => boolean {
  let isInString = false;
  let isEscaped = false;
  return (char) => {
    if (isEscaped) isEscaped = false;
    else if (char === "\\") isEscaped = true;
    else if (char === '"') isInString = !isInString;
    else return !isInString && "{[]}".includes(char);
    return false;
  };
}
