import { TextRecognizerError } from '../../errors.ts';

/** Throws INVALID_ARGUMENT, with the name, for a value that is no whole number from `least`. */
export function requireWhole(least: number, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new TextRecognizerError('INVALID_ARGUMENT', `${name} must be a whole number from ${least}, got ${value}.`);
  }
}
