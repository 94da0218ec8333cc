import { fillRing } from '../../datasets/batches/fill-ring.ts';
import { type Page, readPage } from '../../datasets/sources/pages/page-set.ts';
import { PageSampler } from '../../datasets/synthesis/pages/page-sampler.ts';
import { targetLength } from '../../datasets/synthesis/pages/page-targets.ts';
import { Random } from '../../random/random.ts';
import type { PageViewsData, PageViewsSlot } from './page-views.ts';

await fillRing<PageViewsSlot, PageViewsData>(
  async ({ files, maxSide, glyphs, batchSize, seed, firstStep, ...options }) => {
    const pages: Page[] = [];
    for (const file of files) pages.push(await readPage(file, maxSide));
    const sampler = new PageSampler(pages, glyphs, options);
    const pixels = options.size ** 2;
    const numbers = targetLength(options.size, options);
    return ({ images, targets }, serial) => {
      for (let i = 0; i < batchSize; i++) {
        const image = images.subarray(i * pixels, (i + 1) * pixels);
        const target = targets.subarray(i * numbers, (i + 1) * numbers);
        sampler.draw(image, target, Random.of(seed, firstStep + serial, i));
      }
    };
  },
);
