import { once } from 'node:events';
import { readModel } from '../../models/model-store.ts';
import { Session } from '../../runtime/session.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import type { ModelManifest, PageModelManifest } from '../../models/model-manifest.ts';
import type { CostRequest, ServingCost } from './serving-cost.ts';

/** Readings before those that are timed, and those. */
const [warmUp, timed] = [3, 21];

const [request] = (await once(process, 'message')) as [CostRequest];
process.send!(await measure(request));
process.disconnect();

/** Alone in its process, so that the most memory that was ever resident is this model's. */
async function measure({ folder, threads }: CostRequest): Promise<ServingCost> {
  const before = process.memoryUsage().rss;
  const { manifest, onnx } = await readModel(folder);
  const session = await Session.load(onnx, { threads });
  const images = blankImage(manifest);
  const times: number[] = [];
  for (let i = 0; i < warmUp + timed; i++) {
    const start = performance.now();
    await session.run({ images });
    if (i >= warmUp) times.push(performance.now() - start);
  }
  await session.close();
  times.sort((a, b) => a - b);
  // maxRSS is in KiB.
  const megabytes = (1024 * process.resourceUsage().maxRSS - before) / 1e6;
  return { bytes: onnx.length, milliseconds: times[(timed - 1) / 2], megabytes };
}

/** The time of a network does not depend on what is in the image. */
function blankImage({ stem }: ModelManifest): Tensor {
  if (stem.name === 'page') return blankPage(stem);
  const { height } = stem;
  const width = stem.name === 'character' ? stem.width : Math.min(stem.maxWidth, lineWidth(stem.widthStep));
  return { data: new Uint8Array(height * width), shape: [1, height, width] };
}

/** A square with as many pixels as the model is shown. */
function blankPage({ pixels, step }: PageModelManifest['stem']): Tensor {
  const side = step * Math.round(Math.sqrt(pixels) / step);
  return { data: new Uint8Array(side * side), shape: [1, 1, side, side] };
}

function lineWidth(step: number): number {
  return step * Math.ceil(1024 / step);
}
