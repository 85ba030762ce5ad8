import { defineConfig } from "rolldown";

/**
 * Stay in node_modules: native code; `webex`, as the start looks which one the framework would get there (`src/webex/sdk.ts`); and
 * what `pg` and `when` use if it is installed.
 */
const INSTALLED = /^(libsql|@resvg\/resvg-js|webex|pg-native|vertx)$/;

/** Node reads the maps at the start. Only those of the bot's own code are worth it: those of packages are twice as large. */
const ownMaps = {
  name: "own-maps",
  generateBundle(_options, bundle) {
    const { packages } = Object.fromEntries(Object.values(bundle).map((file) => [file.name, file]));
    packages.code = packages.code.replace(/\/\/# sourceMappingURL=.*/, "");
    delete bundle[packages.sourcemapFileName];
  },
};

/** `when`, a package below the framework, imports by a parameter named `require`, which hides its imports from a bundler. */
const importsOfWhen = {
  name: "imports-of-when",
  transform: {
    filter: { id: /node_modules\/when\// },
    handler: (code) => ({ code: code.replace(/define\(function ?\(require\)/, "define(function ()"), map: null }),
  },
};

/** Few large files in the place of a thousand small ones: docs/decisions/0007-bundle.md */
export default defineConfig({
  input: ["src/main.ts", "src/backup.ts", "src/doctor.ts"],
  platform: "node",
  transform: { target: "node20.19" },
  external: INSTALLED,
  output: {
    dir: "dist",
    chunkFileNames: "chunks/[name].js",
    comments: false,
    // One character beyond Latin-1 would make V8 keep the whole file with two bytes for each.
    charset: "ascii",
    sourcemap: true,
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [
        { name: "packages", test: /node_modules/, tags: ["$initial"] },
        { name: "shared", tags: ["$initial"], minShareCount: 2 },
      ],
    },
  },
  plugins: [importsOfWhen, ownMaps],
});
