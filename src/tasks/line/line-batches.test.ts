import { expect, test } from 'vitest';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import { lineLstm } from '../../networks/course/line-lstm.ts';
import { lineLstmCtc } from '../../networks/course/line-lstm-ctc.ts';
import type { LineNetwork } from '../../networks/line-network.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { lineBatches } from './line-batches.ts';

const alphabet = new Alphabet('abc');
const sizes = { classes: alphabet.size, height: 8, window: 8, stride: 4 };

function lines(...texts: string[]) {
  const image = { width: 20, height: 8, data: new Uint8Array(160).fill(9) };
  return linesFromImages('few', texts.map(() => image), texts.map((text, i) => ({ id: `${i}`, text }))); // prettier-ignore
}

async function firstBatch(network: LineNetwork, ...texts: string[]) {
  const notices: string[] = [];
  const { widthStep } = network;
  const source = lineBatches([{ dataset: lines(...texts), weight: 1 }], network, {
    alphabet,
    seed: 1,
    shape: { maxLines: 2, maxColumns: 64, widthStep, maxWidth: widthStep * Math.floor(32 / widthStep), stride: 4 },
    chunkLines: 2,
    stepsPerEpoch: 1,
    threads: 1,
    onNotice: (notice) => notices.push(notice),
  });
  for await (const { inputs, shape } of source.batches(1, 0, 1)) return { inputs, shape, notices };
  throw new Error('No batch came.');
}

test('for CTC, labels have as many places as the batch, and there are lengths', async () => {
  const { inputs, shape } = await firstBatch(lineLstmCtc(sizes), 'cab', 'cab');
  expect(shape).toBe('2×24×6');
  expect([...inputs.labels.data]).toEqual([3, 1, 2, 0, 0, 0, 3, 1, 2, 0, 0, 0]);
  expect([[...inputs.labelLengths.data], [...inputs.inputLengths.data]]).toEqual([
    [3, 3],
    // Of 20 pixels, every 4: the last window begins in the line and ends after it.
    [5, 5],
  ]);
});

test('by position of the text there is a label for each, the blank after its end', async () => {
  const { inputs, shape, notices } = await firstBatch(lineLstm({ ...sizes, positions: 4 }), 'ccb', 'ccb');
  expect([shape, notices]).toEqual(['2×32×4', []]);
  expect(Object.keys(inputs)).toEqual(['images', 'labels']);
  expect(inputs.labels).toEqual({ data: Int32Array.of(3, 3, 2, 0, 3, 3, 2, 0), shape: [2, 4] });
});

test('a text with more characters than positions is left out, which is said', async () => {
  const { inputs, notices } = await firstBatch(lineLstm({ ...sizes, positions: 4 }), 'abcab', 'bbbb', 'abcabc');
  expect([...inputs.labels.data]).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  expect(notices).toEqual(['few: 2 of 3 lines are left out: 2 with more characters than the network has room for.']);
  await expect(firstBatch(lineLstm({ ...sizes, positions: 4 }), 'abcab')).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('There are no lines to learn from. few: 1 of 1 lines are left out') as string,
  });
});
