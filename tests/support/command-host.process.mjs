import { pathToFileURL } from 'node:url';

/*
 * Runs command lines one after the other, as messages ask: `{ args, cwd }` is answered with `{ code, stdout, stderr }`. What follows
 * the first one finds everything loaded and compiled already, which a process of its own would not.
 */
const [folder] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${folder}/${name}`).href);
const { createProgram } = await load('create-program.js');
const { runProgram } = await load('run-program.js');

// Each command listens to it.
process.stdout.setMaxListeners(0);

process.on('message', async ({ args, cwd }) => {
  process.chdir(cwd);
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = undefined;
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  try {
    await runProgram(await createProgram(args[0]));
  } finally {
    process.send({ code: process.exitCode ?? 0, stdout: stdout.end(), stderr: stderr.end() });
  }
});

/** Keeps what is written to a stream until `end` returns it. */
function capture(stream) {
  const { write } = stream;
  let text = '';
  stream.write = (chunk, encoding, callback) => {
    text += chunk;
    const written = typeof encoding === 'function' ? encoding : callback;
    written?.();
    return true;
  };
  return {
    end() {
      stream.write = write;
      return text;
    },
  };
}
