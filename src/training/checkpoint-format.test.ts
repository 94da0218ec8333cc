import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Checkpoint, type CheckpointMeta, decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.ts';

const meta: CheckpointMeta = {
  step: 1250,
  epoch: 3,
  stepInEpoch: 250,
  totalSteps: 5000,
  schedule: { kind: 'one-cycle', learningRate: 0.01, warmUpSteps: 10 },
  randomState: [1, 2, 0, 0xffffffff],
  epochTotals: { loss: 1234.5678901234567, items: 64000 },
  callbacks: { 'early-stopping': { best: 0.25, waited: 2 }, 'progress-bar': null },
  configHash: 'c0ffee',
};

const small: Checkpoint = {
  tensors: new Map([
    ['dense.weight', Float32Array.of(1, -0, NaN, Infinity, 1.17549435e-38, 1e-45)],
    ['empty', new Float32Array()],
    ['dense.bias', Float32Array.of(0.1)],
  ]),
  meta,
};

/** What a checkpoint holds, with floats as bits, since NaN !== NaN. */
function content({ tensors, meta }: Checkpoint): unknown {
  return {
    meta,
    tensors: [...tensors].map(([name, t]) => [name, Buffer.from(t.buffer, t.byteOffset, t.byteLength).toString('hex')]),
  };
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('lays a file out as documented', () => {
  const file = encodeCheckpoint({ tensors: new Map([['w', Float32Array.of(1, -2)]]), meta });
  expect(file.subarray(0, 8).toString()).toBe('TRCKPT1\n');
  const headerBytes = file.readUInt32LE(8);
  const header = file.subarray(44, 44 + headerBytes);
  expect(headerBytes % 4).toBe(0);
  expect(file.subarray(12, 44)).toEqual(createHash('sha256').update(header).digest());
  // 1.0 is 0x3f800000 and -2.0 is 0xc0000000 in IEEE 754; the digest is `printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum`.
  expect(file.subarray(44 + headerBytes).toString('hex')).toBe('0000803f000000c0');
  expect(JSON.parse(header.toString())).toEqual({
    meta,
    tensors: [{ name: 'w', offset: 0, length: 2 }],
    payload: { bytes: 8, sha256: 'ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b' },
  });
});

test('gives back any tensors and state', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 12 });
  const tensors = fc.array(fc.tuple(name, fc.float32Array({ maxLength: 20 })), { maxLength: 6 });
  const state = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')));
  fc.assert(
    fc.property(tensors, state, fc.double({ noNaN: true, noDefaultInfinity: true }), (tensors, state, loss) => {
      const checkpoint: Checkpoint = {
        tensors: new Map(tensors),
        meta: { ...meta, epochTotals: { loss: loss + 0 }, callbacks: { some: state } },
      };
      const unaligned = Buffer.concat([Buffer.from('x'), encodeCheckpoint(checkpoint)]).subarray(1);
      expect(content(decodeCheckpoint(unaligned, 'x'))).toEqual(content(checkpoint));
    }),
  );
});

test('notices a change of any one byte', () => {
  const file = encodeCheckpoint(small);
  expect(content(decodeCheckpoint(file, 'x'))).toEqual(content(small));
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(file);
      changed[at] ^= flip;
      expect(thrownBy(() => decodeCheckpoint(changed, 'x'))).toMatchObject({ code: 'CHECKPOINT_INVALID' });
    }),
    { numRuns: 2000 },
  );
});

test('notices any truncation and anything appended', () => {
  const file = encodeCheckpoint(small);
  for (let length = 0; length < file.length; length++) {
    const error = thrownBy(() => decodeCheckpoint(file.subarray(0, length), 'run/checkpoint-7.bin'));
    expect(error).toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringMatching(/^run\/checkpoint-7\.bin is not .* start it over\.$/),
    });
  }
  expect(() => decodeCheckpoint(Buffer.concat([file, Buffer.alloc(4)]), 'x')).toThrow(
    /holds 32 bytes of tensors, not 28/,
  );
});

test('tells another version from another kind of file', () => {
  const file = encodeCheckpoint(small);
  file.write('2', 6);
  expect(() => decodeCheckpoint(file, 'x')).toThrow(/format version 2 and this program reads version 1/);
  expect(() => decodeCheckpoint(Buffer.from('PK\x03\x04 a zip file'), 'x')).toThrow(/does not begin like a checkpoint/);
});

test('refuses state that JSON would lose', () => {
  const broken = (change: Partial<CheckpointMeta>) =>
    thrownBy(() => encodeCheckpoint({ ...small, meta: { ...meta, ...change } }));
  const refusal = { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/finite numbers and plain JSON/) };
  expect(broken({ callbacks: { 'keep-best': { best: NaN } } })).toMatchObject(refusal);
  expect(broken({ epochTotals: { loss: Infinity } })).toMatchObject(refusal);
  expect(broken({ randomState: [1, 2, 3] })).toMatchObject(refusal);
});
