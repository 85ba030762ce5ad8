import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { type HttpResponse, httpError } from "../http/http-messages.ts";

/** The page is served as it was written, also by the compiled sandbox: the build holds no copy of it. */
const PAGE_DIR = join(import.meta.dirname, "../../../src/sandbox/page");

const VENDOR_FILES: Readonly<Record<string, string>> = {
  "/vendor/adaptivecards.min.js": "adaptivecards/dist/adaptivecards.min.js",
  "/vendor/adaptivecards.css": "adaptivecards/dist/adaptivecards.css",
  "/vendor/markdown-it.min.js": "markdown-it/dist/markdown-it.min.js",
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** Pictures may be `blob:` too: those in messages are fetched with a person's token, which an address cannot carry. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page, its parts, and the three files of other people that it needs. */
export async function readPageFile(path: string): Promise<HttpResponse> {
  const file = fileOf(path);
  const type = CONTENT_TYPES[extname(file)];
  if (type === undefined) throw httpError(404, "There is no such page.");
  const bytes = await readFile(file).catch(() => {
    throw httpError(404, "There is no such page.");
  });
  return { status: 200, headers: { "content-type": type, "content-security-policy": CSP }, bytes };
}

function fileOf(path: string): string {
  const vendor = VENDOR_FILES[path];
  if (vendor !== undefined) return packageFile(vendor);
  // A URL's path is normal already; a decoded backslash or `..` is somebody trying.
  const inside = normalize(join("/", path === "/" ? "index.html" : path));
  return join(PAGE_DIR, inside);
}

/** Packages export no files, but they all say where they are. */
function packageFile(path: string): string {
  const [name = "", ...rest] = path.split("/");
  try {
    return join(createRequire(import.meta.url).resolve(`${name}/package.json`), "..", ...rest);
  } catch {
    throw httpError(404, `${name} is not installed: run npm ci with the development packages.`);
  }
}
