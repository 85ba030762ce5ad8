import { hashNumbers, pick } from "./random.ts";
import { companyName } from "./sample-data.ts";
import { decodeId } from "./webex-ids.ts";

/** External ids come in several styles, as after mergers of providers; the most common one contains the name. */
export function generateExternalId(seed: number, index: number): string {
  return pick(ID_STYLES, seed, index, 9)(seed, index);
}

type IdStyle = (seed: number, index: number) => string;

const slugId: IdStyle = (_, index) => {
  const slug = companyName(index)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
  return `${slug}-${index}`;
};

const numberedId =
  (prefix: string, digits: number): IdStyle =>
  (_, index) =>
    prefix + String(index).padStart(digits, "0");

const ID_STYLES: readonly [IdStyle, ...IdStyle[]] = [
  slugId,
  slugId,
  slugId,
  slugId,
  (seed, index) => generateUuid(seed, index, 13),
  numberedId("MV-", 6),
  numberedId("cust_", 7),
  (_, index) => String(NUMERIC_FROM + index),
  numberedId("Hbr.Eu.", 4),
];

const NUMERIC_FROM = 70_000_000;

/** The places that a customer with this id, orgId or externalId may have: every generated id contains its place. */
export function candidateIndexes(seed: number, id: string): readonly number[] {
  const uuid = decodeId(id) ?? id;
  const hidden = /-[0-9a-f]{4}([0-9a-f]{8})$/.exec(uuid)?.[1];
  const written = /(\d{1,10})$/.exec(id)?.[1];
  return [
    ...(hidden === undefined ? [] : [unscramble(Number.parseInt(hidden, 16), seed)]),
    ...(written === undefined ? [] : [Number(written), Number(written) - NUMERIC_FROM]),
    0,
  ];
}

const MULTIPLIER = 0x9e3779b1;
/** ODD * INVERSE is 1 modulo 2^32, by Newton's iteration. */
const INVERSE = [1, 2, 3, 4, 5].reduce((guess) => Math.imul(guess, 2 - Math.imul(MULTIPLIER, guess)), MULTIPLIER);

const scramble = (index: number, seed: number): number => (Math.imul(index, MULTIPLIER) ^ hashNumbers(seed, 99)) >>> 0;
const unscramble = (hidden: number, seed: number): number => Math.imul(hidden ^ hashNumbers(seed, 99), INVERSE) >>> 0;

const HEX = Array.from({ length: 65_536 }, (_, number) => number.toString(16).padStart(4, "0"));

/** Eight digits, from a table: a page of customers has hundreds of them. */
const hex = (number: number): string => `${HEX[number >>> 16]}${HEX[number & 0xffff]}`;

/** A uuid whose last eight digits are the scrambled index, so that the index can be read from it. */
export function generateUuid(seed: number, index: number, salt: number): string {
  const [a, b, c] = [0, 1, 2].map((part) => hex(hashNumbers(seed, index, salt, part)));
  const tail = hex(scramble(index, seed));
  return `${a}-${b?.slice(0, 4)}-4${b?.slice(4, 7)}-8${c?.slice(0, 3)}-${c?.slice(3, 7)}${tail}`;
}
