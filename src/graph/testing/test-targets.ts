import { trainingTarget } from '../../runtime/channel-block.ts';
import { portableTarget, type Target } from '../target.ts';

/** ONNX's own operators and ONNX Runtime's for the CPU, without the blocked layout. */
export const plainTarget: Target = { device: 'cpu', channelBlock: 0 };

/** Everything that the CPU provider can run: plain, as WebGPU gets it, and as this machine trains. */
export async function testTargets(): Promise<ReadonlyMap<string, Target>> {
  const training = await trainingTarget('cpu');
  const all = new Map([
    ['plain', plainTarget],
    ['portable', portableTarget],
  ]);
  return training.channelBlock === 0 ? all : all.set(`blocks of ${training.channelBlock}`, training);
}
