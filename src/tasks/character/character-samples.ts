import type { Dataset } from '../../datasets/dataset.ts';
import { subset } from '../../datasets/subset.ts';
import { inkPng } from '../../report/ink-png.ts';
import { spreadIndices, type Samples } from '../samples.ts';
import { computeLogits } from './evaluate-characters.ts';

const SAMPLES = 24;

/** Characters of a data set, and the most probable class of each. */
export function characterSamples(validation: Dataset): Samples {
  const { classes, height, width } = validation;
  const chosen = subset(validation, spreadIndices(validation.length, SAMPLES));
  return {
    texts: Array.from(chosen.labels, (label) => classes[label]),
    async pictures() {
      const images = new Uint8Array(chosen.length * height * width);
      chosen.read([...chosen.labels.keys()], images);
      const imageAt = (i: number) => images.subarray(i * height * width, (i + 1) * height * width);
      return await Promise.all([...chosen.labels.keys()].map((i) => inkPng({ width, height, data: imageAt(i) })));
    },
    async read(session) {
      const { logits } = await computeLogits(session, chosen);
      return [...chosen.labels.keys()].map((i) => {
        const row = logits.subarray(i * classes.length, (i + 1) * classes.length);
        return classes[row.indexOf(Math.max(...row))] ?? '';
      });
    },
  };
}
