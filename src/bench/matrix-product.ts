import { matmul } from '../graph/dense.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { input } from '../graph/value.ts';
import { Random } from '../random/random.ts';
import { Session } from '../runtime/session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

const size = 1024;

/** Products of two 1024×1024 float32 matrices per second. */
export async function benchMatrixProduct({ threads, seconds }: BenchmarkOptions): Promise<number> {
  const shape = [size, size];
  const product = matmul(input('a', 'float32', shape), input('b', 'float32', shape));
  const session = await Session.load(toOnnx({ product }), { threads });
  const random = new Random(1);
  const matrix = () => ({ data: Float32Array.from({ length: size * size }, () => random.between(-1, 1)), shape });
  const inputs = { a: matrix(), b: matrix() };
  const result = await measure(1, seconds, () => session.run(inputs));
  await session.close();
  return result;
}
