// Keeps `sor-addressing answer` beside it: the arguments are the command; questions come from standard input, a line each.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [command, ...rest] = process.argv.slice(2);
const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
for await (const question of createInterface({ input: process.stdin })) {
  child.stdin.write(question + "\n");
  console.log((await answers.next()).value);
}
child.stdin.end();
child.on("close", (code) => process.exit(code));
