import { whoMayAsk } from "../../app/start-report.ts";
import type { Config, ConfigRead } from "../../config.ts";
import { formatCount } from "../../domain/views/text.ts";
import { failed, type Outcome, ok } from "../outcome.ts";

/** One line for each variable that is missing or wrong. */
export function checkConfiguration(read: ConfigRead): readonly Outcome[] {
  if (read.ok) return [describe(read.config)];
  return read.problems.map((problem) => {
    const [, names = problem, hint = ""] = /^([A-Z_, ]+): (.*)$/s.exec(problem) ?? [];
    return failed(`${names} missing or wrong`, hint);
  });
}

function describe({ access, codes }: Config): Outcome {
  const { operators, admins } = access;
  const finding = `complete; may ask: ${whoMayAsk(access)}; ${formatCount(operators.length, "operator")}, ${formatCount(admins.length, "admin")}${codes.size === 0 ? "" : `; CODES_FILE explains ${formatCount(codes.size, "code")}`}`;
  if (operators.length + admins.length > 0) return ok(finding);
  return ok(finding, "Nobody can use watch, ack and mute: set OPERATORS to some addresses.");
}
