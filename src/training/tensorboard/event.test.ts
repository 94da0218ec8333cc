import { expect, test } from 'vitest';
import { encodeEvent, type TensorBoardEvent } from './event.ts';

/** `SerializeToString().hex()` of the same messages of tensorboard 2.21 (`tensorboard.compat.proto.event_pb2`). */
const MESSAGES: readonly { readonly event: TensorBoardEvent; readonly hex: string }[] = [
  {
    event: {
      wallTime: 1234567890.5,
      step: 300,
      summary: {
        value: [
          { tag: 'epoch/loss', simpleValue: Math.fround(0.1) },
          { tag: 'epoch/valAccuracy', simpleValue: 0.875 },
        ],
      },
    },
    hex:
      '090000a0b48065d24110ac022a2d0a110a0a65706f63682f6c6f737315cdcccc3d' +
      '0a180a1165706f63682f76616c4163637572616379150000603f',
  },
  {
    event: {
      wallTime: 1234567890.5,
      step: 2 ** 40,
      summary: {
        value: [
          {
            tag: 'a',
            image: { height: 28, width: 300, colorspace: 1, encodedImageString: Buffer.from('\x89PNG', 'latin1') },
          },
        ],
      },
    },
    hex: '090000a0b48065d241108080808080202a140a120a0161220d081c10ac021801220489504e47',
  },
  {
    event: { wallTime: 1234567890.5, step: 31, sessionLog: { status: 1 } },
    hex: '090000a0b48065d241101f3a020801',
  },
  // The first record of the event file published in TensorBoard's tensorboard/data/server/tf_record.rs.
  {
    event: { wallTime: 1599759586, fileVersion: 'brain.Event:2' },
    hex: '090000803899d6d7411a0d627261696e2e4576656e743a32',
  },
];

test('encodes events to the bytes of TensorBoard', () => {
  for (const { event, hex } of MESSAGES) expect(Buffer.from(encodeEvent(event)).toString('hex')).toBe(hex);
});
