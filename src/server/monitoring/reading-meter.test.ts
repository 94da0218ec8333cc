import { expect, test } from 'vitest';
import { readModel } from '../../models/model-store.ts';
import type { ReaderManifest } from '../../models/model-manifest.ts';
import type { LineReading, Reading } from '../../reading/reading.ts';
import { embedScores } from './embed-scores.ts';
import { ReadingMeter } from './reading-meter.ts';

test('of a picture that was read in two views, only the view that was kept counts', async () => {
  const manifest = (await readModel('mlp')).manifest as ReaderManifest & { readonly classes: readonly string[] };
  const classes = manifest.classes.length;
  const readingOf = (text: string) => ({ text, confidence: 1, characters: [], words: [] }) as unknown as LineReading;
  const scoresOf = (best: number) => Float32Array.from({ length: classes }, (_, c) => (c === best ? 1 : 0));
  const line = { data: new Uint8Array(64), width: 8, height: 8, stride: 8 };
  const meter = new ReadingMeter();
  meter.observeLine({ manifest, decoder: 'greedy', line, scores: scoresOf(1), reading: readingOf('n') });
  meter.observeLine({ manifest, decoder: 'greedy', line, scores: scoresOf(2), reading: readingOf('u') });
  const reading = { model: manifest.name, kind: 'character', lines: [readingOf('u')] } as unknown as Reading;
  expect(meter.measurement(reading).embedding).toEqual([...embedScores(Float64Array.from(scoresOf(2)))]);
});
