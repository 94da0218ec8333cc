import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { subsetLines } from '../../datasets/lines/memory-lines.ts';
import { inkPng } from '../../report/ink-png.ts';
import type { Session } from '../../runtime/session.ts';
import { spreadIndices, type Samples } from '../samples.ts';
import { evaluateLines, type LineReader } from './evaluate-lines.ts';

const SAMPLES = 12;

/** Lines of the first data set, decoded without a language model. */
export function lineSamples([validation]: readonly LineDataset[], reader: (session: Session) => LineReader): Samples {
  const chosen = subsetLines(validation, spreadIndices(validation.length, SAMPLES));
  return {
    texts: chosen.lines.map(({ text }) => text),
    pictures: () => Promise.all(chosen.lines.map((_, i) => inkPng(chosen.image(i)))),
    async read(session) {
      const { readings } = await evaluateLines(reader(session), chosen, { decoder: 'greedy' });
      return readings.map(({ hypothesis }) => hypothesis);
    },
  };
}
