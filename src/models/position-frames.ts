import { pad } from '../graph/pad.ts';
import { reshape } from '../graph/reshape.ts';
import { requireRank, type Value } from '../graph/value.ts';

/** The logit of what cannot be; within float16, and e^−10,000 is 0 in any precision. */
const never = -1e4;

/**
 * Logits by position of the text as frames that CTC decoders read: `[batch, positions, classes]` → `[batch, 2 · positions, classes]`.
 * A frame that is surely blank (class 0) follows every position, so that equal neighbours are not taken for one character. Of all
 * paths through these frames, the loss by position is that of the one whose characters are at the first positions: CTC gives a
 * text at least the probability that the network was trained to give it.
 */
export function positionFrames(logits: Value): Value {
  requireRank('positionFrames', logits, 3, 'logits [batch, positions, classes]');
  const [batch, positions, classes] = logits.shape;
  const withBlank = pad(logits, [{ axis: 2, before: 0, after: 1 }]);
  const withFrame = pad(withBlank, [{ axis: 2, before: 0, after: (classes as number) - 1 }], never);
  return reshape(withFrame, [batch, 2 * (positions as number), classes]);
}
