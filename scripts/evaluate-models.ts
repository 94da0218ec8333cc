import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDataset } from '../src/datasets/registry.ts';
import { openLines } from '../src/datasets/lines/line-registry.ts';
import { drawnLines } from '../src/datasets/lines/memory-lines.ts';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';
import { decodeImage } from '../src/images/decode-image.ts';
import type { ModelManifest } from '../src/models/model-manifest.ts';
import { listModels, readModel } from '../src/models/model-store.ts';
import { findLines } from '../src/reading/find-lines.ts';
import { percent } from '../src/report/percent.ts';
import { Session } from '../src/runtime/session.ts';
import { evaluateCharacters } from '../src/tasks/character/evaluate-characters.ts';
import { evaluateLines } from '../src/tasks/line/evaluate-lines.ts';
import { findingRates, matchLines } from '../src/tasks/page/match-lines.ts';
import { Alphabet } from '../src/text/alphabet.ts';
import { modelLimits } from '../tests/support/model-limits.ts';
import { samplePage, samplePageLines } from '../tests/support/sample-page.ts';

/*
 * Evaluates every model that comes along on bundled data, against its floor and a time limit, and writes the figures: `FILE.json`, `FILE.md`
 * and the summary of a GitHub Actions job. Ends with 1 where a model misses one of them. `.ci/evaluate` runs it.
 */
const [file = 'runs/evaluation'] = process.argv.slice(2);
const lineCount = 40;

interface Row {
  readonly model: string;
  readonly data: string;
  /** Wrong characters, as a share of all; of a finder of lines, 1 − F1 at an intersection over union of a half. */
  readonly errors: number;
  readonly mostErrors: number;
  readonly seconds: number;
  readonly mostSeconds: number;
}

const rows: Row[] = [];
for (const manifest of await listModels()) {
  const { onnx } = await readModel(manifest.name);
  const session = await Session.load(onnx);
  const start = performance.now();
  const { data, errors } = await measure(manifest, session);
  const seconds = (performance.now() - start) / 1000;
  await session.close();
  rows.push({ model: manifest.name, data, errors, seconds, ...modelLimits(manifest) });
}

const isMet = ({ errors, mostErrors, seconds, mostSeconds }: Row): boolean =>
  errors <= mostErrors && seconds <= mostSeconds;
const markdown = [
  `## Models on bundled data, Node ${process.versions.node}`,
  '',
  '| model | data | errors | at most | seconds | at most | |',
  '|---|---|---|---|---|---|---|',
  ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
  '',
].join('\n');
console.log(markdown);
await writeFileAtomic(`${file}.json`, `${JSON.stringify(rows, null, 2)}\n`);
await writeFileAtomic(`${file}.md`, markdown);
if (process.env.GITHUB_STEP_SUMMARY !== undefined) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
if (!rows.every(isMet)) process.exitCode = 1;

function cells(row: Row): string[] {
  const { model, data, errors, mostErrors, seconds, mostSeconds } = row;
  const figures = [percent(errors, 1), percent(mostErrors, 1), seconds.toFixed(1), String(mostSeconds)];
  return [`\`${model}\``, data, ...figures, isMet(row) ? 'ok' : '**missed**'];
}

async function measure(manifest: ModelManifest, session: Session): Promise<{ data: string; errors: number }> {
  if (manifest.kind === 'page') {
    const found = await findLines(await decodeImage(await samplePage()), { session, manifest });
    const matches = matchLines(
      found.map(({ polygon }) => polygon),
      await samplePageLines(),
    );
    return { data: `a sheet of ${matches.wanted} lines`, errors: 1 - findingRates([matches]).f1 };
  }
  if (manifest.kind === 'character') {
    const sample = await openDataset('emnist-sample-test', { root: 'data' });
    const { accuracy } = await evaluateCharacters(session, sample, manifest.temperature);
    return { data: sample.name, errors: 1 - accuracy };
  }
  const edition = manifest.stem.height === 28 ? 'emnist-lines' : 'emnist-lines-64';
  const root = fileURLToPath(new URL('../data/line-sample/', import.meta.url));
  const all = await openLines(`${edition}-test`, { root, characters: 'emnist-sample-test' });
  const lines = drawnLines({ ...all, length: lineCount, lines: all.lines.slice(0, lineCount) }, 0);
  const layout = { ...manifest.stem, stride: manifest.stride };
  const { cer } = await evaluateLines({ session, alphabet: new Alphabet(manifest.alphabet), layout }, lines);
  return { data: `${lineCount} of ${edition}-test, greedy`, errors: cer.rate };
}
