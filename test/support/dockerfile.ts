import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, cpSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** One line of a Dockerfile, such as `COPY`, and what follows it. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

const NOBODY = { uid: 65_534, gid: 65_534 };

/** As `USER node` in the image, a user who owns nothing else, if this process may become one who can run this Node. */
export const OTHER_USER =
  process.getuid?.() === 0 && spawnSync(process.execPath, ["--version"], NOBODY).status === 0 ? NOBODY : undefined;

/** The stages of a Dockerfile. Lines that end in a backslash are joined. */
export function readDockerfile(path: string): readonly Stage[] {
  const lines = readFileSync(path, "utf8").replaceAll("\\\n", " ").split("\n");
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = "", text = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") stages.push({ name: / AS (\S+)$/.exec(text)?.[1] ?? "", instructions: [] });
    else if (name !== "") stages.at(-1)?.instructions.push({ name, text: text.trim() });
  }
  return stages;
}

export const textsOf = ({ instructions }: Stage, wanted: string): readonly string[] =>
  instructions.filter(({ name }) => name === wanted).map(({ text }) => text);

interface Build {
  /** Where the files to copy are. */
  readonly context: string;
  /** A folder in the place of the root of each stage's file system, by the name of the stage. */
  readonly roots: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Carries out `WORKDIR`, `COPY` and `RUN` in the folder of this stage; the other instructions say how to run the image. */
export function runStage({ name, instructions }: Stage, { context, roots, env }: Build): void {
  const root = roots[name] ?? "";
  let workdir = root;
  for (const instruction of instructions) {
    if (instruction.name === "WORKDIR") {
      workdir = join(root, instruction.text);
      mkdirSync(workdir, { recursive: true });
    }
    if (instruction.name === "COPY")
      copy(instruction.text, { context, roots, inImage: (to) => resolvePath(root, workdir, to) });
    if (instruction.name === "RUN")
      execFileSync("sh", ["-ec", instruction.text], { cwd: workdir, env, stdio: "inherit" });
  }
}

const resolvePath = (root: string, workdir: string, path: string) =>
  path.startsWith("/") ? join(root, path) : resolve(workdir, path);

interface Copy extends Pick<Build, "context" | "roots"> {
  readonly inImage: (path: string) => string;
}

/** As Docker: a folder is copied by what is in it, and a target that ends in a slash is a folder. */
function copy(text: string, { context, roots, inImage }: Copy): void {
  const words = text.split(/\s+/);
  const option = (name: string) => words.find((word) => word.startsWith(`--${name}=`))?.split("=")[1];
  const paths = words.filter((word) => !word.startsWith("--"));
  const target = paths.pop() ?? "";
  const stage = option("from");
  for (const path of paths) {
    const from = join(stage === undefined ? context : (roots[stage] ?? ""), path);
    const isInto = target.endsWith("/") && statSync(from).isFile();
    const to = isInto ? join(inImage(target), basename(path)) : inImage(target);
    // A step may write to what it got from the repository, which must stay as it is.
    if (stage === undefined) cpSync(from, to, { recursive: true });
    else copyTree(from, to);
    if (option("chown") !== undefined) giveAway(to);
  }
}

/** Copies by hard links, so that thousands of files cost little; between file systems, byte by byte. */
export function copyTree(from: string, to: string): void {
  if (lstatSync(from).isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) copyTree(join(from, name), join(to, name));
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to, { verbatimSymlinks: true });
  }
}

function giveAway(folder: string): void {
  if (OTHER_USER === undefined) return;
  const { uid, gid } = OTHER_USER;
  for (const name of ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" })])
    chownSync(join(folder, name), uid, gid);
}
