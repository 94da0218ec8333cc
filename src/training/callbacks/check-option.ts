import { TextRecognizerError } from '../../errors.ts';

/** Throws INVALID_ARGUMENT unless a callback's option is in its range. */
export function checkOption(callback: string, option: string, value: number, holds: boolean, range: string): void {
  if (holds) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', `The callback ${callback} needs ${option} ${range}, not ${value}.`);
}

/** Throws INVALID_ARGUMENT unless the option is a whole number of at least 1. */
export function checkCount(callback: string, option: string, value: number): void {
  checkOption(callback, option, value, Number.isSafeInteger(value) && value >= 1, 'to be a whole number ≥ 1');
}
