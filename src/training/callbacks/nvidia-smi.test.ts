import { expect, test } from 'vitest';
import { parseNvidiaSmi, readNvidiaSmi } from './nvidia-smi.ts';

test('reads a line a GPU', () => {
  // A GeForce GTX 1070 Ti of the test data of Telegraf's nvidia_smi plugin 1.7, its columns in our order.
  expect(parseNvidiaSmi('1, 100, 553, 8114\n')).toEqual({ gpu1Percent: 100, gpu1MemoryMiB: 553, gpu1TotalMiB: 8114 });
  expect(parseNvidiaSmi('0, 0, 4, 81559\r\n1, 37, 1024, 81559\r\n')).toEqual({
    gpu0Percent: 0,
    gpu0MemoryMiB: 4,
    gpu0TotalMiB: 81559,
    gpu1Percent: 37,
    gpu1MemoryMiB: 1024,
    gpu1TotalMiB: 81559,
  });
});

test('leaves out what a GPU does not tell', () => {
  expect(parseNvidiaSmi('0, [N/A], 4, 81559\n1, [Not Supported], [Unknown Error], 6144\n')).toEqual({
    gpu0MemoryMiB: 4,
    gpu0TotalMiB: 81559,
    gpu1TotalMiB: 6144,
  });
  for (const noise of ['', '\n', 'No devices were found\n', '0', ',,,']) expect(parseNvidiaSmi(noise)).toEqual({});
});

test('runs a program, and makes nothing of one that is missing or fails', async () => {
  const printing = ['--eval', 'console.log("0, 12, 34, 56"); console.error(process.argv.slice(1).join(" "))', '--'];
  expect(await readNvidiaSmi(process.execPath, printing)).toEqual({
    gpu0Percent: 12,
    gpu0MemoryMiB: 34,
    gpu0TotalMiB: 56,
  });
  expect(await readNvidiaSmi('no-such-program-here')).toBeUndefined();
  expect(await readNvidiaSmi(process.execPath, ['--eval', 'process.exit(9)', '--'])).toBeUndefined();
});
