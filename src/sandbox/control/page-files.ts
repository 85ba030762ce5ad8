import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { PACKAGE_ROOT } from "../../package-root.ts";
import { type HttpResponse, httpError } from "../http/http-messages.ts";

/** The page is served from the sources: the build has no copy of it. */
const PAGE_DIR = join(PACKAGE_ROOT, "src/sandbox/page");

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

/** Pictures in messages are `blob:`, because they are fetched with a person's token. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A file of the page, or one of three files of other packages. Throws an error 404 for any other path. */
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
  // Keeps decoded backslashes and `..` inside the folder.
  const inside = join(PAGE_DIR, normalize(join("/", path === "/" ? "index.html" : path)));
  const vendor = VENDOR_FILES[path];
  // The package of the sandbox has these files beside the others.
  return vendor === undefined || existsSync(inside) ? inside : packageFile(vendor);
}

/** The packages do not export these files, but each exports its package.json. */
function packageFile(path: string): string {
  const [name = "", ...rest] = path.split("/");
  try {
    return join(createRequire(import.meta.url).resolve(`${name}/package.json`), "..", ...rest);
  } catch {
    throw httpError(404, `${name} is not installed: run npm ci with the development packages.`);
  }
}
