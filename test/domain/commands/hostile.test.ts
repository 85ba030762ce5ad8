import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";

const PIECES =
  'a|a |=|a=|a=a |"|\'|\'a|\\|<|<a |<a href="x" |<https://x|[|[x](https://|`|&amp;|mailto:|a,|,|!|.|*|:|Y2lz=|\u200b|\ud83d|' +
  "status=error,|status=eror |stauts=error |error or |not |page |page the |hi |show |customers |custmers |customer |" +
  "watch |because |for |for=|for 2 |note=|and |12,|escalate |stuck |without stuck |list |stop |today |in |in the |2560 |errors 2560 |calling |germany |since |last |city=x |united |fehler |(|x=y |fresh=x |package=common |\\u{41}|“";

const STARTS = ["", "customers ", 'name="', "customer ", "watch ", "ack 1 ", "mute because ", "digest 9 ", "handover "];

/** These would take for ever with a pattern that backtracks, or a list that is copied for each word. */
test.each(PIECES.split("|"))("10 KB of %j are answered", (piece) => {
  const text = piece.repeat(Math.ceil(10_240 / piece.length));
  for (const start of STARTS) {
    for (const end of ["", '">']) {
      expect(parse(start + text + end, { distance }).ok).toBeTypeOf("boolean");
    }
  }
});
