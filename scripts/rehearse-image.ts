import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Copy, type Instruction } from 'dockerfile-ast';

/*
 * Does what infra/docker/Dockerfile says, without Docker: each stage in a folder of its own, from the tracked files alone. Then it
 * starts the last stage's command as a user who may write nothing, with no environment but the stage's and another port, asks its health check and
 * has it read an image; and sees that weights which were changed keep it from starting. `--keep` leaves the folders.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const workdir = '/app/';
/** The user "nobody" of Debian; only root can become somebody else. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const startSeconds = 30;
/** Not the default, so that the health check has to follow what is configured. */
const port = 8123;

interface Stage {
  readonly folder: string;
  readonly environment: Record<string, string>;
  command: string[];
  healthCheck: string[];
}

const place = await mkdtemp(join(tmpdir(), 'image-'));
try {
  await chmod(place, 0o755);
  const context = await copyTrackedFiles(join(place, 'context'));
  const service = await buildStages(context, await readFile(join(root, 'infra/docker/Dockerfile'), 'utf8'));
  await tryService(service);
  await tryTamperedWeights(service);
  const [size] = execFileSync('du', ['-sm', service.folder]).toString().split('\t');
  console.log(`The service takes ${size} MiB beside its base image.`);
} finally {
  if (process.argv.includes('--keep')) console.log(`Left in ${place}`);
  else await rm(place, { recursive: true, force: true });
}

async function copyTrackedFiles(to: string): Promise<string> {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 2 ** 26 })
    .toString()
    .split('\0');
  for (const file of files.filter(Boolean)) await cp(join(root, file), join(to, file));
  return to;
}

async function buildStages(context: string, dockerfile: string): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const name = instruction.getArguments().at(-1)!.getValue();
      stage = { folder: join(place, name), environment: {}, command: [], healthCheck: [] };
      await mkdir(stage.folder);
      stages.set(name, stage);
    } else await follow(instruction, stage!, stages, context);
  }
  return stage!;
}

async function follow(
  instruction: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): Promise<void> {
  const values = instruction.getArguments().map((argument) => argument.getValue());
  const content = instruction.getRawArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'COPY':
      return await copy(instruction as Copy, stage, stages, context);
    case 'RUN':
      console.log(`RUN ${values.join(' ')}`);
      execFileSync('bash', ['-c', values.join(' ')], { cwd: stage.folder, stdio: ['ignore', 'ignore', 'inherit'] });
      return;
    case 'ENV':
      for (const value of values) stage.environment[value.split('=', 1)[0]] = value.slice(value.indexOf('=') + 1);
      return;
    case 'CMD':
      stage.command = JSON.parse(content) as string[];
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = JSON.parse(content.slice(content.indexOf('['))) as string[];
  }
}

async function copy(
  instruction: Copy,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): Promise<void> {
  const from = instruction.getFromFlag()?.getValue();
  const source = from ? stages.get(from)!.folder : context;
  const paths = instruction.getArguments().map((argument) => argument.getValue().replace(workdir, ''));
  const target = paths.pop()!;
  for (const path of paths) {
    const isFolder = target.endsWith('/') || paths.length > 1;
    const to = join(stage.folder, target, isFolder ? path.split('/').at(-1)! : '');
    await mkdir(dirname(to), { recursive: true });
    await cp(join(source, path), to, { recursive: true, verbatimSymlinks: true });
  }
}

function start(stage: Stage, [program, ...args]: readonly string[]): ChildProcess {
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  const environment = { PATH: path, TEXT_RECOGNIZER_PORT: String(port), ...stage.environment };
  return spawn(program === 'node' ? process.execPath : program, args, {
    ...nobody,
    cwd: stage.folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function tryService(service: Stage): Promise<void> {
  const running = start(service, service.command);
  running.stdout!.resume();
  running.stderr!.pipe(process.stderr);
  try {
    for (let second = 0; (await exitCode(start(service, service.healthCheck))) !== 0; second++) {
      if (second === startSeconds || running.exitCode !== null) throw new Error('The service did not become ready.');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const image = await readFile(join(root, 'data/emnist-sample/images/digit-2.png'));
    const headers = { 'content-type': 'image/png' };
    const response = await fetch(`http://127.0.0.1:${port}/v1/predict`, { method: 'POST', headers, body: image });
    const { pred } = (await response.json()) as { pred: string };
    if (pred !== '2') throw new Error(`The service read ${pred} instead of 2.`);
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    if (!page.includes('assets/')) throw new Error('The page is not the one that was built.');
    console.log('The service became healthy, read an image and served the page.');
  } finally {
    running.kill('SIGTERM');
    await exitCode(running);
  }
}

async function tryTamperedWeights(service: Stage): Promise<void> {
  const file = join(service.folder, 'models/character-cnn/model.onnx');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
  const running = start(service, service.command);
  running.stdout!.resume();
  // The process may have ended before all that it said is read.
  const [said, code] = await Promise.all([text(running.stderr!), exitCode(running)]);
  if (code === 0 || !said.includes('CHECKSUM_MISMATCH')) throw new Error(`Changed weights were not noticed: ${said}`);
  console.log('Changed weights keep the service from starting.');
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
