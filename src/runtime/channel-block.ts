import { blockedConv } from '../graph/blocked-layout.ts';
import { plainConv, type ConvGeometry } from '../graph/window-geometry.ts';
import type { Target } from '../graph/target.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { input } from '../graph/value.ts';
import { Session, type Device } from './session.ts';

const geometry: ConvGeometry = { kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 };
const candidates = [16, 8] as const;
let known: Promise<Target['channelBlock']> | undefined;

/** The target to lower training graphs for on this machine. */
export async function trainingTarget(device: Device): Promise<Target> {
  return { device, channelBlock: device === 'cpu' ? await channelBlock() : 0 };
}

/**
 * How many channels make a block in the CPU provider's blocked layout. It depends on the processor and is not to be asked
 * for, so a small convolution is tried with each size and compared with the plain one.
 */
export function channelBlock(): Promise<Target['channelBlock']> {
  known ??= findChannelBlock();
  return known;
}

async function findChannelBlock(): Promise<Target['channelBlock']> {
  for (const block of candidates) if (await agrees(block)) return block;
  return 0;
}

async function agrees(block: 8 | 16): Promise<boolean> {
  const [x, weight] = [input('x', 'float32', [1, 32, 5, 5]), input('weight', 'float32', [32, 32, 3, 3])];
  const blocked = blockedConv([x, weight], x.shape, geometry, { device: 'cpu', channelBlock: block })!;
  const outputs = { blocked, plain: plainConv([x, weight], x.shape, geometry) };
  try {
    const session = await Session.load(toOnnx(outputs, { target: { device: 'cpu', channelBlock: 0 } }), { threads: 1 });
    const results = await session.run({ x: ramp([1, 32, 5, 5]), weight: ramp([32, 32, 3, 3]) });
    await session.close();
    return results.plain.data.every((value, i) => Math.abs(Number(value) - Number(results.blocked.data[i])) < 1e-3);
  } catch {
    // This build of ONNX Runtime does not have the layout, or not for this processor.
    return false;
  }
}

function ramp(shape: readonly number[]): { data: Float32Array; shape: readonly number[] } {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));
  return { data, shape };
}
