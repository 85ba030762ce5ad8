import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Failure } from "../../errors.ts";
import type { Terminal } from "./walk.ts";

/** Asks on the input of the process and writes to stderr, so that stdout has the result alone. */
export function openTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal & { close(): void } {
  let isMuted = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: input.isTTY === true });
  const queue = lines[Symbol.asyncIterator]();
  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(question, { isSecret = false } = {}) {
      output.write(question);
      isMuted = isSecret;
      const { value, done } = await queue.next();
      isMuted = false;
      if (isSecret || input.isTTY !== true) output.write("\n");
      if (done)
        throw new Failure("doctor.noInput", "The input has ended.", "Answer the questions, or pipe the answers in.");
      return value;
    },
    close: () => lines.close(),
  };
}
