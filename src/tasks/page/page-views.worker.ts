import { parentPort, workerData } from 'node:worker_threads';
import { type Page, readPage } from '../../datasets/sources/pages/page-set.ts';
import { Random } from '../../random/random.ts';
import { PageSampler } from '../../datasets/synthesis/pages/page-sampler.ts';
import { targetLength } from '../../datasets/synthesis/pages/page-targets.ts';
import type { PageViewsData, PageViewsMessage } from './page-views.ts';

/*
 * Draws batches of views: each message is the number of a step, and the answer its images `[batch, size, size]` and targets
 * `[batch, 5, size / 4, size / 4]`.
 */
const { files, maxSide, glyphs, batchSize, seed, ...options } = workerData as PageViewsData;
const { size } = options;
const pages: Page[] = [];
for (const file of files) pages.push(await readPage(file, maxSide));
const sampler = new PageSampler(pages, glyphs, options);

parentPort!.on('message', (step: number) => {
  const images = new Uint8Array(batchSize * size * size);
  const targets = new Float32Array(batchSize * targetLength(size, options));
  for (let i = 0; i < batchSize; i++) {
    const image = images.subarray(i * size * size, (i + 1) * size * size);
    const target = targets.subarray(i * targetLength(size, options), (i + 1) * targetLength(size, options));
    sampler.draw(image, target, Random.of(seed, step, i));
  }
  const message: PageViewsMessage = { step, images, targets };
  parentPort!.postMessage(message, [images.buffer, targets.buffer]);
});
