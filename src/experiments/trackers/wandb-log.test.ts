import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { WandbLog } from './wandb-log.ts';

// Expected bytes are those of wandb.sdk.internal.datastore.DataStore of W&B 0.19.11.

function write(records: readonly Uint8Array[]): Buffer {
  const log = new WandbLog();
  return Buffer.concat([log.header, ...records.map((record) => log.frame(record))]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('a short record', () => {
  expect(write([Buffer.from('abc')]).toString('hex')).toBe('3a572642e1be00a9209d53030001616263');
});

test('a block that has no room for a header is filled, a long record is split over three blocks, an empty one is a header', () => {
  const long = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
  const bytes = write([Buffer.from('abc'), new Uint8Array(32_768 - 7 - 10 - 7 - 3), long, new Uint8Array()]);
  expect(bytes.length).toBe(102_796);
  expect(sha256(bytes)).toBe('2ef63979d83a40f24947e73297ce86abcea6f885e7db34789d53ba21a76f5837');
});

test('a block that has room for a header only gets an empty first part', () => {
  const bytes = write([new Uint8Array(32_768 - 21), Buffer.from('xy')]);
  expect(bytes.length).toBe(32_777);
  expect(sha256(bytes)).toBe('bf674e64f842ffefdce4df54e41be3a55ce316319b4b45f6278f924301f5866d');
});
