import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { version, license, engines } = JSON.parse(readFileSync("package.json", "utf8"));

const MANIFEST = {
  name: "webex-wholesale-sandbox",
  version,
  description: "A small Webex and a small Wholesale API on this machine, to try bots with",
  license,
  private: true,
  type: "module",
  engines,
  bin: { "webex-wholesale-sandbox": "main.js" },
};

/** Packages of which the page needs single files: `/vendor/…` on the page. */
const VENDOR = [
  "adaptivecards/dist/adaptivecards.min.js",
  "adaptivecards/dist/adaptivecards.css",
  "markdown-it/dist/markdown-it.min.js",
];

const PAGE = "src/sandbox/page";

/** The files beside the program: where it looks for them in a checkout, it finds them in the package. */
const filesBeside = {
  name: "files-beside",
  generateBundle() {
    const emit = (fileName, source) => this.emitFile({ type: "asset", fileName, source });
    emit("package.json", `${JSON.stringify(MANIFEST, null, 2)}\n`);
    emit("LICENSE", readFileSync("LICENSE"));
    emit("README.md", readFileSync("docs/sandbox.md"));
    for (const path of VENDOR) {
      const [name = "", ...rest] = path.split("/");
      emit(`${PAGE}/vendor/${rest.at(-1)}`, readFileSync(`node_modules/${path}`));
      emit(`${PAGE}/vendor/LICENSE-${name}`, readFileSync(`node_modules/${name}/LICENSE`));
    }
    for (const name of readdirSync(PAGE)) emit(`${PAGE}/${name}`, readFileSync(`${PAGE}/${name}`));
    emit("src/sandbox/world/codes.json", readFileSync("src/sandbox/world/codes.json"));
  },
};

/** The sandbox without the bot as a package of its own, which needs no other: docs/sandbox.md */
export default defineConfig({
  input: "src/sandbox/main.ts",
  platform: "node",
  transform: { target: "node20.19" },
  output: { dir: `dist/${MANIFEST.name}`, banner: "#!/usr/bin/env node", comments: false },
  plugins: [filesBeside],
});
