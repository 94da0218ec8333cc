import { join } from 'node:path';
import { emnistLines, emnistLineEditions } from '../../src/datasets/synthesis/emnist-lines.ts';
import { writeLinePack } from '../../src/datasets/sources/line-pack.ts';
import { openDataset } from '../../src/datasets/registry.ts';

const texts = {
  '': 'one two six ten red tan sea sun map cat dog pen ink oak elm fir'.split(' '),
  '-aside': 'net sit man toe'.split(' '),
};

/** Writes packs of short lines set from the bundled characters, `PREFIX` and `PREFIX-aside`; returns the prefix. */
export async function writeSmallLines(folder: string): Promise<string> {
  const characters = await openDataset('emnist-sample-train', { root: folder });
  const options = emnistLineEditions['64'];
  const prefix = join(folder, 'small-lines');
  for (const [suffix, words] of Object.entries(texts)) {
    const lines = emnistLines({ name: `small-lines${suffix}`, characters, texts: words, options });
    await writeLinePack(`${prefix}${suffix}`, lines, 'Public domain');
  }
  return prefix;
}
