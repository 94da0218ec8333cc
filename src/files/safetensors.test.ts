import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../errors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** The file of safetensors' own test of its writer (safetensors/src/tensor.rs, test_serialization): 0 … 5 as [1, 2, 3]. */
const published = Buffer.concat([
  Buffer.from([64, 0, 0, 0, 0, 0, 0, 0]),
  Buffer.from('{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}'),
  Buffer.from('00000000 0000803f 00000040 00004040 00008040 0000a040'.replaceAll(' ', ''), 'hex'),
]);

test('reads a file that another writer made', () => {
  expect(decodeSafetensors(published, 'it')).toEqual(new Map([['attn.0', Float32Array.of(0, 1, 2, 3, 4, 5)]]));
});

test('writes the same but for the shape, which is flat, and a checksum of header and data', () => {
  const written = encodeSafetensors(new Map([['attn.0', Float32Array.of(0, 1, 2, 3, 4, 5)]]));
  // By Python's hashlib, of the header without the metadata, and the data.
  const sha256 = 'b3d696f379133cc1f8f8a2d2f6d7f44a50663bd2255433af1e5f660e014d0fa2';
  const tensors = '"attn.0":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}';
  expect(written.toString('utf8', 8, written.length - 24).trimEnd()).toBe(
    `{"__metadata__":{"sha256":"${sha256}"},${tensors}}`,
  );
  expect(written.readBigUInt64LE(0)).toBe(BigInt(written.length - 32));
  expect(written.length % 8).toBe(0);
  expect(written.subarray(-24)).toEqual(published.subarray(-24));
});

test('knows when any byte of the data or of the tensors in the header was changed', () => {
  const written = encodeSafetensors(
    new Map([
      ['a', Float32Array.of(1, 2)],
      ['b', Float32Array.of(3, 4)],
    ]),
  );
  for (let at = written.indexOf('"a"'); at < written.length; at++) {
    const changed = Buffer.from(written);
    changed[at] ^= 1;
    expect(() => decodeSafetensors(changed, 'best.safetensors'), `byte ${at}`).toThrow(/best\.safetensors/);
  }
  const last = Buffer.from(written);
  last[last.length - 1] ^= 1;
  expect(() => decodeSafetensors(last, 'best.safetensors')).toThrow(
    expect.objectContaining({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringMatching(/^best\.safetensors was changed/),
    }),
  );
});

test('what was written is read, whatever the names and values', () => {
  const tensors = fc.array(fc.tuple(fc.string(), fc.float32Array({ noNaN: true })));
  fc.assert(
    fc.property(tensors, (entries) => {
      const weights = new Map(entries.filter(([name]) => name !== '__metadata__' && name !== '__proto__'));
      expect(decodeSafetensors(encodeSafetensors(weights), 'it')).toEqual(weights);
    }),
  );
});

test('skips the metadata that other writers add', () => {
  const header = Buffer.from('{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  expect(decodeSafetensors(file(header, 4), 'it')).toEqual(new Map([['w', Float32Array.of(0)]]));
});

test.each([
  ['nothing', Buffer.alloc(0), /shorter than its header/],
  ['a header that is not there', published.subarray(0, 40), /shorter than its header/],
  ['data that is cut off', published.subarray(0, -1), /'attn.0' is not float32 of its shape/],
  ['no JSON', file(Buffer.from('weights!'), 0), /not JSON/],
  ['no object', file(Buffer.from('null'), 0), /does not describe tensors/],
  ['another type', withEntry({ dtype: 'F16', shape: [2], data_offsets: [0, 4] }), /does not describe 'w'/],
  ['a shape of another size', withEntry({ dtype: 'F32', shape: [2], data_offsets: [0, 4] }), /float32 of its shape/],
  ['offsets in the header', withEntry({ dtype: 'F32', shape: [1], data_offsets: [-4, 0] }), /does not describe/],
  ['a size below zero', withEntry({ dtype: 'F32', shape: [-1, -1], data_offsets: [0, 4] }), /does not describe/],
])('refuses %s', (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes, 'best.safetensors')).toThrow(
    expect.objectContaining({ code: 'FILE_CORRUPT', message: expect.stringMatching(message) }),
  );
  expect(() => decodeSafetensors(bytes, 'best.safetensors')).toThrow('best.safetensors');
});

test('refuses or reads a file with any byte changed', () => {
  fc.assert(
    fc.property(fc.nat(published.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(published);
      bytes[at] ^= change;
      try {
        decodeSafetensors(bytes, 'it');
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
  );
});

function withEntry(entry: object): Buffer {
  return file(Buffer.from(JSON.stringify({ w: entry })), 4);
}

function file(header: Buffer, dataBytes: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([size, header, Buffer.alloc(dataBytes)]);
}
