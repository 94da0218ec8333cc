import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { BenchmarkOptions, Figures } from '../measure.ts';
import { withService } from './service.ts';

const sample = fileURLToPath(new URL('../../../data/emnist-sample/images/digit-2.png', import.meta.url));
const first = 5000;
const all = 100_000;
const clients = 16;

/** The memory of the service after 5,000 and after 100,000 requests with small images. */
export async function benchServingMemory({ threads }: BenchmarkOptions): Promise<Figures> {
  const body = await readFile(sample);
  return await withService(['--model', 'character-cnn', '--workers', String(threads)], async (service) => {
    const send = async (amount: number) =>
      await autocannon({
        url: `${service.url}/v1/predict`,
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body,
        connections: clients,
        amount,
      });
    await send(first);
    const before = await service.residentBytes();
    const result = await send(all - first);
    const after = await service.residentBytes();
    return {
      itemsPerSecond: result['2xx'] / result.duration,
      requests: all,
      failures: result.non2xx + result.errors,
      residentMiBAfter5000: before / 2 ** 20,
      residentMiBAtTheEnd: after / 2 ** 20,
      growth: after / before - 1,
    };
  });
}
