import { expect, test } from 'vitest';
import { crc32c, tfRecord } from './tf-record.ts';

test('crc32c gives the examples of RFC 3720, appendix B.4', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(ascending)).toBe(0x46dd794e);
  expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c);
  const iscsiRead10 =
    '01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000';
  expect(crc32c(Buffer.from(iscsiRead10, 'hex'))).toBe(0xd9963a56);
});

test('crc32c gives the check value of "123456789"', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});

/**
 * The two records of an event file that TensorFlow wrote for `tf.summary.scalar("accuracy", 0.99, step=77)`, as
 * published in TensorBoard's own test (tensorboard/data/server/tf_record.rs, `test_success`).
 */
const PUBLISHED = [
  {
    header: '1800000000000000 a37f4b22',
    data: '0900008038 99d6d7411a0d 627261696e2e4576656e743a32',
    footer: '124b36ab',
  },
  {
    header: '3200000000000000 241956ec',
    data:
      '09c405b73d99d6d741 104d 2a25 0a23 0a086163637572616379 420a 080112002204a4707d3f 4a0b0a090a07' +
      '7363616c617273',
    footer: 'a55b6433',
  },
];

test('frames records as the published event file has them', () => {
  for (const { header, data, footer } of PUBLISHED) {
    const record = Buffer.from((header + data + footer).replaceAll(' ', ''), 'hex');
    expect(tfRecord(Buffer.from(data.replaceAll(' ', ''), 'hex'))).toEqual(record);
  }
});
