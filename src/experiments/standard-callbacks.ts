import { join } from 'node:path';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import type { Callback } from '../training/callback.ts';
import { CurvesSvg } from '../training/callbacks/curves-svg.ts';
import { JsonLines } from '../training/callbacks/json-lines.ts';
import { SystemSampler } from '../training/callbacks/system-sampler.ts';
import { TensorBoard } from '../training/callbacks/tensorboard.ts';

/** Writes the experiment into the folder once the run has begun, so that a refused resumption leaves the old one there. */
export function recordExperiment(experiment: unknown): Callback {
  const text = `${JSON.stringify(experiment, null, 2)}\n`;
  return {
    name: 'experiment-record',
    onTrainStart: ({ folder }) => writeFileAtomic(join(folder, 'experiment.json'), text),
  };
}

/** What every run logs: JSON lines, TensorBoard, curves, and the machine. */
export function standardCallbacks(): Callback[] {
  const lines = new JsonLines({ everySteps: 10 });
  const onSample: ConstructorParameters<typeof SystemSampler>[0]['onSample'] = ({ time, step, figures }) =>
    lines.write('system', { time, step, ...figures });
  // First, since at the training's end it hands over its last samples, and the file must still be open.
  return [new SystemSampler({ onSample }), lines, new TensorBoard(), new CurvesSvg()];
}
