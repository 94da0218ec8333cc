import { TextRecognizerError } from '../../errors.ts';
import type { Dataset } from '../dataset.ts';
import { EMNIST_CLASSES } from './emnist-classes.ts';
import { relabel } from '../relabel.ts';

/** The symbols beside letters and digits that occur in the IAM handwriting database, the space first. */
export const IAM_SYMBOLS: readonly string[] = [...' !"#&\'()*+,-./:;?'];

/** Stands for no character at all where lines are padded to one length. */
export const PAD_SYMBOL = '_';

/** The 80 classes of the FSDL text recognizer: EMNIST ByClass, the symbols of IAM, the pad symbol. */
export const EMNIST_SYMBOL_CLASSES: readonly string[] = [...EMNIST_CLASSES, ...IAM_SYMBOLS, PAD_SYMBOL];

/**
 * An EMNIST ByClass dataset under the 80 classes, its labels unchanged. The added classes have no images: they make room in a
 * network's output for what lines contain, and no accuracy is better or worse for them.
 */
export function withSymbols(dataset: Dataset): Dataset {
  if (dataset.classes.join('') !== EMNIST_CLASSES.join('')) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Only EMNIST ByClass can be widened to the 80 classes; ${dataset.name} has ${dataset.classes.length} others.`,
    );
  }
  return relabel(
    dataset,
    EMNIST_SYMBOL_CLASSES,
    EMNIST_CLASSES.map((_, label) => label),
  );
}
