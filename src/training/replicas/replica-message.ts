import { z } from 'zod';
import type { ReplicaStart } from './replica-exchange.ts';

const beginSchema = z.strictObject({
  kind: z.literal('begin'),
  epoch: z.int().positive(),
  stepInEpoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** Names of the vectors that follow, in their order. */
  state: z.array(z.string()),
});

/** What the first frame of a message says; numbers follow in frames of their own. */
const headerSchema = z.discriminatedUnion('kind', [
  /** From the others to the first replica: one is there, for the training with this configuration. */
  z.strictObject({ kind: z.literal('join'), rank: z.int(), count: z.int(), config: z.string() }),
  /** From the first replica. */
  beginSchema,
  z.strictObject({ kind: z.literal('refuse'), message: z.string() }),
  /** The numbers of one replica, then their sums. */
  z.strictObject({ kind: z.literal('sum') }),
  /** From the first replica: the training is over. */
  z.strictObject({ kind: z.literal('end') }),
]);

export type ReplicaHeader = z.output<typeof headerSchema>;

export function encodeHeader(header: ReplicaHeader): string {
  return JSON.stringify(header);
}

export function decodeHeader(frame: Buffer): ReplicaHeader {
  return headerSchema.parse(JSON.parse(frame.toString('utf8')));
}

export function encodeStart({ state, ...position }: ReplicaStart): (string | Uint8Array)[] {
  const header = encodeHeader({ kind: 'begin', ...position, state: [...state.keys()] });
  return [header, ...[...state.values()].map(toBytes)];
}

export function decodeStart(
  { epoch, stepInEpoch, step, state }: z.output<typeof beginSchema>,
  frames: Buffer[],
): ReplicaStart {
  const vectors = state.map((name, i) => [name, toNumbers(frames[i])] as const);
  return { epoch, stepInEpoch, step, state: new Map(vectors) };
}

/** The same memory: what is sent must not change until it has arrived. All machines are little-endian. */
export function toBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

export function toNumbers(bytes: Buffer): Float32Array {
  const isAligned = bytes.byteOffset % 4 === 0;
  const { buffer, byteOffset } = isAligned ? bytes : Uint8Array.from(bytes);
  return new Float32Array(buffer, byteOffset, bytes.length / 4);
}
