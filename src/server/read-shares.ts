import { flatReading } from '../reading/flat-reading.ts';
import type { Reader } from '../reading/reader.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reading } from './reading.ts';

/** Reads pictures together; places are shares of each one's width. */
export async function readShares(
  reader: Reader,
  inputs: readonly { readonly prepared: unknown; readonly decoder: LineDecoder }[],
): Promise<Reading[]> {
  const pictures = inputs.map(({ prepared }) => prepared as { input: unknown; width: number });
  const lines = await reader.read(inputs.map(({ decoder }, i) => ({ prepared: pictures[i].input, decoder })));
  return lines.map((line, i) => {
    const { characters, words } = flatReading([line]);
    const share = <T extends { left: number; right: number }>({ left, right, ...part }: T) => ({
      ...part,
      start: left / pictures[i].width,
      end: right / pictures[i].width,
    });
    return {
      text: line.text,
      confidence: line.confidence,
      characters: characters.map(share),
      words: words.map(share),
      alternatives: line.alternatives,
    };
  });
}
