import type { GrayImage } from '../images/gray-image.ts';
import type { GraphRunner } from '../runtime/tensor.ts';
import { layOutLine, type LaidOutLine, type LineLayout } from './line-layout.ts';

/**
 * Most columns, padding included, that go through the network together: eight lines of 1024. More are no faster, and ONNX Runtime keeps
 * the memory of the largest run: 40 MB for these, 200 MB for eight lines of 4096.
 */
const MAX_COLUMNS = 8192;

/** What a network says of one line. */
export interface LineScores {
  /** `[steps, classes]`, of the line without its padding. */
  readonly logits: Float32Array;
  readonly line: LaidOutLine;
}

/** Runs the network of `session` on lines of the layout's height that are padded to one width. */
async function runBatch(session: GraphRunner, lines: readonly LaidOutLine[], height: number): Promise<LineScores[]> {
  const { paddedWidth } = lines[0];
  const data = new Uint8Array(lines.length * height * paddedWidth);
  lines.forEach((line, i) => data.set(line.data, i * height * paddedWidth));
  const { logits } = await session.run({ images: { data, shape: [lines.length, height, paddedWidth] } });
  const [, time, classes] = logits.shape;
  return lines.map((line, i) => {
    const start = i * time * classes;
    const end = start + Math.min(time, line.steps ?? time) * classes;
    return { line, logits: (logits.data as Float32Array).slice(start, end) };
  });
}

/**
 * The scores of every line, in the order given, and how long the network took. Only lines of the same padded width go
 * together, so that each is read as it would be alone.
 */
export async function scoreLaidOut(
  session: GraphRunner,
  lines: readonly LaidOutLine[],
  height: number,
  batchSize = 8,
): Promise<{ scores: LineScores[]; seconds: number }> {
  const { length } = lines;
  const order = lines.map((_, i) => i).sort((a, b) => lines[a].paddedWidth - lines[b].paddedWidth || a - b);
  const scores = Array.from<LineScores>({ length });
  let seconds = 0;
  for (let start = 0; start < length;) {
    const { paddedWidth } = lines[order[start]];
    const most = Math.min(batchSize, Math.max(1, Math.floor(MAX_COLUMNS / paddedWidth)), length - start);
    let end = start + 1;
    while (end - start < most && lines[order[end]].paddedWidth === paddedWidth) end++;
    const members = order.slice(start, end);
    const before = performance.now();
    const results = await runBatch(
      session,
      members.map((i) => lines[i]),
      height,
    );
    seconds += (performance.now() - before) / 1000;
    members.forEach((i, row) => (scores[i] = results[row]));
    start = end;
  }
  return { scores, seconds };
}

/** The lines of a data set. */
export interface LineImages {
  readonly length: number;
  image(index: number): GrayImage;
}

/** The scores of every line of a data set, `[length]`, and how long the network took. */
export async function scoreLines(
  session: GraphRunner,
  { length, image }: LineImages,
  layout: LineLayout,
  batchSize?: number,
): Promise<{ scores: LineScores[]; seconds: number }> {
  const lines = Array.from({ length }, (_, i) => layOutLine(image(i), layout));
  return await scoreLaidOut(session, lines, layout.height, batchSize);
}
