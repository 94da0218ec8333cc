import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import { adaptableModel } from '../../../models/apply-adapter.ts';
import { readModel } from '../../../models/model-store.ts';
import { lineAlphabet } from '../../../text/line-alphabet.ts';
import { saveUntrainedLineModel } from '../testing/untrained-line-model.ts';
import { chooseShare } from './choose-share.ts';
import { Judge } from './judge.ts';
import { errorsOf, judgeTrials } from './judge-trials.ts';

const folder = mkdtempSync(join(tmpdir(), 'share-'));
let judge: Judge;
const [a, b] = ['a', 'b'].map((letter) => lineAlphabet.encode(letter)[0]);

/** A model that reads one letter, a, at each of the steps, which are 8 pixels wide. */
beforeAll(async () => {
  await saveUntrainedLineModel(folder, 'says-a', (weights) => {
    weights.get('logits.weight')!.fill(0);
    const bias = weights.get('logits.bias')!;
    bias[a] = 9;
    bias[lineAlphabet.size] = 9;
  });
  judge = await Judge.open(adaptableModel(await readModel(folder)), { threads: 1 });
});

afterAll(async () => {
  await judge.close();
  await rm(folder, { recursive: true });
});

function linesOf(name: string, text: string) {
  const image = { width: 8 * text.length, height: 64, data: new Uint8Array(64 * 8 * text.length) };
  return linesFromImages(name, [image], [{ id: name, text }]);
}

/** With all of it the letter is b, with half of it or less still a. */
function towardsB(): Map<string, Float32Array> {
  const bias = new Float32Array(2 * lineAlphabet.size);
  [bias[a], bias[b]] = [-9, 8];
  return new Map([['logits.bias', bias]]);
}

const question = () => ({
  learned: towardsB(),
  gainOf: (share: number) =>
    judgeTrials(errorsOf(judge), [{ heldOut: linesOf('mine', 'bbbb'), learned: towardsB() }], share),
  others: [linesOf('theirs', 'aabb')],
  mostHarm: 0.02,
  mostShare: 1,
});

test('all of it is taken where others lose nothing by it', async () => {
  expect(await chooseShare(judge, question())).toMatchObject({
    share: 1,
    differences: towardsB(),
    gained: { lines: 1, characters: 4, before: 4, after: 0 },
    others: { theirs: { lines: 1, characters: 4, before: 2, after: 2 } },
  });
});

test('others that lose more than is allowed make the share smaller, until nothing is gained', async () => {
  const others = [linesOf('theirs', 'aaaa')];
  await expect(chooseShare(judge, { ...question(), others, mostHarm: 0.99 })).rejects.toThrow(
    expect.objectContaining({ code: 'ADAPTATION_REFUSED', message: expect.stringContaining('nothing was gained') }),
  );
  expect(await chooseShare(judge, { ...question(), others, mostHarm: 1 })).toMatchObject({ share: 1 });
});

test('it is refused where even a quarter would hurt others too much', async () => {
  await expect(chooseShare(judge, { ...question(), mostHarm: -0.01 })).rejects.toThrow(
    expect.objectContaining({ code: 'ADAPTATION_REFUSED', message: expect.stringContaining('theirs') }),
  );
});

test('as many errors as before are no gain', async () => {
  const trial = { heldOut: linesOf('mine', 'aabb'), learned: towardsB() };
  await expect(judgeTrials(errorsOf(judge), [trial], 1)).rejects.toThrow(
    expect.objectContaining({
      code: 'ADAPTATION_REFUSED',
      message: expect.stringContaining('50.0 % instead of 50.0 %'),
    }),
  );
});
