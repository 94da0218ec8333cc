import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readLinePack } from '../src/datasets/sources/line-pack.ts';
import { CommandHost } from './support/command-host.ts';
import { compiledCli, runCli, runNode, runSource } from './support/run-cli.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('../', import.meta.url));
const images = join(root, 'data/emnist-sample/images/');
const [seven, letterA] = [join(images, 'digit-7.png'), join(images, 'upper-A.png')];
let folder: string;
let host: CommandHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  host = new CommandHost();
});

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('--help names every command, and each has help of its own', async () => {
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name);
  expect(commands).toEqual(
    expect.arrayContaining([
      'recognize',
      'evaluate',
      'train',
      'models',
      'download',
      'info',
      'prepare',
      'calibrate',
      'train-language-model',
    ]),
  );
  const helps = await allHelps();
  expect(helps.map(({ name }) => name)).toEqual(expect.arrayContaining(commands.filter((name) => name !== 'help')));
  for (const { name, help } of helps) {
    expect(help).toMatch(new RegExp(`^Usage: text-recognizer (.* )?${name} `));
    const options = help.replaceAll(/\s+/g, ' ').split(' --');
    expect(options.filter((option) => /\bdefault\b.*\(default:/.test(option))).toEqual([]);
  }
  expect((await runCli(['models', '--help'])).stdout).toMatch(/^Usage: text-recognizer models /);
});

/** The help of each command and of those below it, from one process. */
async function allHelps(): Promise<{ name: string; help: string }[]> {
  const script = join(folder, 'helps.mjs');
  await writeFile(
    script,
    `const { createProgram } = await import(${JSON.stringify(join(dirname(compiledCli), 'create-program.js'))});
    const below = (command) => command.commands.flatMap((child) => [child, ...below(child)]);
    const commands = below(await createProgram('--help'));
    console.log(JSON.stringify(commands.map((child) => ({ name: child.name(), help: child.helpInformation() }))));`,
  );
  return JSON.parse((await runNode(script, [])).stdout);
}

test('recognize prints a line of JSON for each file', async () => {
  const { code, stdout } = await runCli(['recognize', seven, letterA, '--model', 'mlp', '--json']);
  expect(code).toBe(0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const whole = ['file', 'kind', 'text', 'confidence', 'alternatives', 'characters', 'words', 'lines'];
  for (const line of lines) {
    expect(Object.keys(line)).toEqual([...whole, 'model', 'licence', 'width', 'height']);
    expect(Object.keys(line.lines[0])).toEqual(['text', 'confidence', 'alternatives', 'polygon', 'baseline', 'words']);
  }
  expect(lines).toMatchObject([
    { file: seven, text: '7' },
    { file: letterA, text: 'A' },
  ]);
  expect(Object.keys(lines[0].alternatives[0])).toEqual(['text', 'confidence']);
});

test('prepare makes a pack of a folder of pages, and says what it found', async () => {
  const [pages, pack] = [join(folder, 'pages'), join(folder, 'packs', 'letters')];
  await mkdir(pages);
  const line = await sharp(join(root, 'data/line-sample/your-merchandise.png')).metadata();
  await copyFile(join(root, 'data/line-sample/your-merchandise.png'), join(pages, 'one.png'));
  const { width, height } = line;
  const polygon = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  const transcript = { id: 'one', licence: 'CC0', width, height, lines: [{ text: 'your merchandise', polygon }] };
  await writeFile(join(pages, 'one.json'), JSON.stringify(transcript));
  const { code, stdout } = await host.run(['prepare', pages, '--output', pack], root);
  expect([code, stdout]).toEqual([0, `${pack}: 1 of 1 lines, licence: CC0\n`]);
  const evaluation = await host.run(['evaluate', 'line-recognizer-open', '--data', pack, '--json'], root);
  expect(JSON.parse(evaluation.stdout)).toMatchObject({ lines: 1 });

  const prepared = await host.run(['prepare', pack, '--as', 'letters', '--data-root', folder], root);
  expect([prepared.code, prepared.stdout]).toEqual([0, `${join(folder, 'lines', 'letters')}: 1 lines, licence: CC0\n`]);
  const { dataset } = await readLinePack(join(folder, 'lines', 'letters'));
  expect(dataset.lines[0]).toMatchObject({ text: 'your merchandise', page: 'one' });
});

test('recognize says what is for research only, and does without it on request', async () => {
  const line = 'data/line-sample/your-merchandise.png';
  const usual = await host.run(['recognize', line], root);
  expect(usual.stderr).toMatch(/^The licence of the model 'line-recognizer': Non-commercial research only/);
  expect(usual.stdout).toContain('your merchandise');
  const free = await host.run(['recognize', line, '--json', '--licence', 'free'], root);
  expect([free.stderr, JSON.parse(free.stdout)]).toEqual(['', expect.objectContaining({ licence: 'MIT' })]);
  const refused = await host.run(['recognize', line, '--model', 'line-recognizer', '--licence', 'free'], root);
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^INVALID_ARGUMENT: The model/) });
});

test.skipIf(process.platform === 'win32')(
  'recognize expands wildcards, reads standard input, and says which page it has read',
  async () => {
    const [a, b] = [await readFile(letterA), await readFile(seven)];
    const size = { width: 28, height: 28 };
    const frames = await Promise.all([a, b].map((image) => sharp(image).resize(size).png().toBuffer()));
    const tiff = join(folder, 'two-pages.tif');
    await sharp(frames, { join: { animated: true } })
      .tiff({ compression: 'none' })
      .toFile(tiff);
    const script = `cat '${seven}' | "$0" "$1" recognize - '${folder}/two-p*.tif' '${folder}/*.jpg' --model mlp --page`;
    const read = (page: string, image = '') =>
      spawnSync('sh', ['-c', `${script} ${page} ${image}`, process.execPath, compiledCli], {
        cwd: root,
        encoding: 'utf8',
      });
    const first = read('1');
    expect(first.stdout).toMatch(/^-: 7 .*\n\S+two-pages\.tif, page 1: A /);
    expect(first.stderr).toContain(`${folder}/*.jpg: FILE_NOT_FOUND: There is no file`);
    const second = read('2', '--json').stdout.trimEnd().split('\n');
    expect(second.map((line) => JSON.parse(line))).toMatchObject([
      { file: '-', error: { code: 'INVALID_ARGUMENT' } },
      { file: tiff, text: '7', page: 2, pages: 2 },
      { error: { code: 'FILE_NOT_FOUND' } },
    ]);
  },
);

test('recognize refuses a decoder that a model lacks with the code of the service', async () => {
  const { code, stderr } = await host.run(['recognize', seven, '--model', 'mlp', '--decoder', 'lm'], root);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/digit-7\.png: UNSUPPORTED_DECODER: The model 'mlp'/)]);
});

test('recognize reads the others where one file is broken', async () => {
  const broken = join(folder, 'broken.png');
  await writeFile(broken, (await readFile(seven)).subarray(0, 60));
  const json = await host.run(['recognize', 'nowhere.png', broken, seven, '--model', 'mlp', '--json'], root);
  expect(json.code).toBe(1);
  expect(
    json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { file: 'nowhere.png', error: { code: 'FILE_NOT_FOUND' } },
    { file: broken, error: { code: 'INVALID_IMAGE' } },
    { file: seven, text: '7' },
  ]);
  const text = await host.run(['recognize', 'nowhere.png', seven, '--model', 'mlp'], root);
  expect(text.code).toBe(1);
  expect(text.stderr).toMatch(/^nowhere\.png: FILE_NOT_FOUND: /m);
  expect(text.stdout).toMatch(/digit-7\.png: 7 \(\d+\.\d %; or . \d+\.\d %, /);
});

test('evaluate prints figures as JSON, or as a table, and draws the confusion', async () => {
  const sample = await writeSmallSample(folder, 30);
  const svg = join(folder, 'confusion.svg');
  const json = await host.run(['evaluate', 'mlp', '--data', sample, '--json', '--confusion', svg], root);
  expect(json.code).toBe(0);
  expect(Object.keys(JSON.parse(json.stdout))).toEqual([
    'model',
    'data',
    'count',
    'accuracy',
    'accuracyCaseMerged',
    'accuracyLookAlikesMerged',
    'calibrationError',
    'loss',
    'millisecondsPerImage',
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ model: 'mlp', data: 'small-sample', count: 248 });
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg .*mlp on small-sample/s);

  const table = await host.run(['evaluate', 'mlp', '--data', 'emnist-sample-test'], root);
  expect(table.stdout).toMatch(/^mlp on emnist-sample-test\n {2}images +1488\n {2}accuracy +\d\d\.\d\d %\n/);
});

test('models lists what is installed, with figures and licence', async () => {
  const json = await host.run(['models', '--json'], root);
  expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ name: 'mlp', licence: 'MIT' }));
  const { stdout } = await host.run(['models'], root);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(1 + JSON.parse(json.stdout).length);
  expect(lines[0]).toMatch(/^NAME +READS +PARAMETERS +SIZE +FIGURE +LICENCE$/);
  expect(stdout).toMatch(/^mlp +characters +0\.14 M +0\.6 MB +accuracy 8\d\.\d\d % on emnist-byclass-test +MIT$/m);
  // Lines that are found on pages have no share of right ones.
  expect(stdout).toMatch(/^page +pages .* F1 \d\d\.\d\d % on /m);
  expect(stdout).not.toContain('NaN');
});

test('a reader that has had enough, as head has, is not an error', async () => {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'src/cli/main.ts', 'models', '--json'], { cwd: root });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([0, '']);
});

test('info says what a bug report needs', async () => {
  const info = JSON.parse((await host.run(['info', '--json'], root)).stdout);
  expect(info.node).toBe(process.version);
  expect(info['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+$/);
  expect(info.providers).toContain('cpu');
  expect(info.threads).toBeGreaterThan(0);
});

test.each([
  ['no command', ['frobnicate'], /error: unknown command 'frobnicate'\n[^]*--help/],
  [
    'no file',
    ['recognize'],
    /^INVALID_ARGUMENT: Name files or folders to read, or a list of them with --list; not both\.$/m,
  ],
  [
    'no such device',
    ['recognize', seven, '--device', 'tpu'],
    /'tpu' is invalid\. Allowed choices are cpu, webgpu, cuda/,
  ],
  ['half a thread', ['recognize', seven, '--threads', '0.5'], /'0\.5' is invalid\. It must be a whole number from 1/],
  ['no such model', ['recognize', seven, '--model', 'resnet'], /^MODEL_NOT_FOUND: There is no model 'resnet'/],
  ['no data', ['evaluate', 'mlp'], /error: required option '--data <name>' not specified/],
  [
    'no such data',
    ['evaluate', 'mlp', '--data', 'emnist-sample-tset'],
    /^DATASET_NOT_FOUND: .*did you mean emnist-sample-test\?/,
  ],
  [
    'data not fetched',
    ['evaluate', 'mlp', '--data', 'emnist-mnist-test', '--data-root', '/nowhere'],
    /download emnist/,
  ],
  ['no such experiment', ['train', 'nowhere.json'], /^FILE_NOT_FOUND: There is no experiment file nowhere\.json/],
  [
    'no experiment',
    ['train', 'package.json'],
    /^INVALID_ARGUMENT: package\.json is not a valid experiment:\n[^]*Unrecognized keys/,
  ],
  [
    'nothing to begin from',
    ['train', 'experiments/lenet.json', '--fresh', 'logits'],
    /^INVALID_ARGUMENT: --fresh selects/,
  ],
  [
    'no such download',
    ['download', 'imagenet'],
    /'imagenet' is invalid for argument 'dataset'\. Allowed choices are emnist\./,
  ],
])('%s: says so, with exit code 1', async (_, args, message) => {
  const { code, stdout, stderr } = await host.run(args, root);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test.concurrent.each([
  ['no such benchmark', ['sorting'], /^INVALID_ARGUMENT: There is no benchmark 'sorting'; there are mlp-train, /],
  ['half a second', ['mlp-train', '--seconds', '0.5'], /'0\.5' is invalid\. It must be a whole number from 1/],
])('the benchmarks, %s: say so, with exit code 1', async (_, args, message) => {
  const { code, stdout, stderr } = await runSource('bench/main.ts', args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test.skipIf(!existsSync('/dev/full'))('a full disk behind the output is told without a stack', async () => {
  const run = spawnSync(process.execPath, [compiledCli, 'info'], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(/^DISK_FULL: The standard output .*\n$/) });
});
