import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Failure } from "../errors.ts";

/** A package under the name `webex`, as one module of Node finds it. */
interface Sdk {
  readonly version: string;
  /** As the real SDK is; the bot's own package is not. */
  readonly isPublished: boolean;
  readonly folder: string;
}

/** The `webex` package that webex-node-bot-framework would load, and the one of the bot: they must be the same. */
function findSdks(from: string): { readonly ofFramework: Sdk; readonly ofBot: Sdk } {
  const require = createRequire(from);
  try {
    const framework = require.resolve("webex-node-bot-framework/package.json");
    return { ofFramework: packageFrom(createRequire(framework)), ofBot: packageFrom(require) };
  } catch (cause) {
    const what = "The bot framework, or the package that stands in for the Webex SDK, is not installed.";
    const hint = "Run npm ci; where only a part of the clone is copied first, that part needs src/webex/stand-ins.";
    throw new Failure("webex.sdk", what, hint, { cause });
  }
}

function packageFrom(require: NodeJS.Require): Sdk {
  const file = require.resolve("webex/package.json");
  const { version, private: isPrivate }: Partial<Record<string, unknown>> = JSON.parse(readFileSync(file, "utf8"));
  return { version: String(version), isPublished: isPrivate !== true, folder: realpathSync(dirname(file)) };
}

/**
 * Throws unless the framework gets the bot's own package in the place of the Webex SDK. Package managers that ignore npm's
 * `overrides` install the real SDK, to which the framework would send a random key for a token.
 * @param from a module of the bot
 */
export function assertOwnSdk(from: string): Pick<Sdk, "version"> {
  const { ofFramework, ofBot } = findSdks(from);
  if (!ofFramework.isPublished && ofFramework.folder === ofBot.folder) return ofBot;
  throw new Failure(
    "webex.sdk",
    `The bot framework loads the package webex ${ofFramework.version} instead of the bot's own.`,
    "Delete node_modules and install again with npm ci. package.json names the replacement for npm, pnpm and yarn.",
  );
}
