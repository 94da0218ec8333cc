import { TextRecognizerError } from '../errors.ts';
import { foldCharacter } from './normalize-text.ts';

/** The class that CTC networks emit between characters (Graves et al. 2006). */
export const blankClass = 0;

/**
 * What `encode` does with a character outside the alphabet: throw; fold it to its plain form and throw if that is
 * unknown too; or fold it and leave it out if that is unknown too.
 */
export type UnknownCharacters = 'error' | 'fold' | 'drop';

/** Text to class indices and back: class 0 is the CTC blank, class i ≥ 1 is `characters[i − 1]`. */
export class Alphabet {
  /** The characters of classes 1 …, each one NFC code point. */
  readonly characters: readonly string[];
  private readonly classOf: ReadonlyMap<string, number>;

  /** Takes the characters in class order as one string; throws `INVALID_ARGUMENT` if one is repeated or not NFC. */
  constructor(characters: string) {
    this.characters = [...characters];
    this.classOf = new Map(this.characters.map((character, index) => [character, index + 1]));
    if (this.characters.length === 0 || characters.normalize('NFC') !== characters) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `An alphabet needs one or more characters in Unicode NFC, not ${JSON.stringify(characters)}.`,
      );
    }
    if (this.classOf.size === this.characters.length) return;
    const repeated = this.characters.filter((character, index) => this.classOf.get(character) !== index + 1);
    throw new TextRecognizerError('INVALID_ARGUMENT', `The alphabet repeats ${listed(repeated)}; name each once.`);
  }

  /** The number of classes, the blank included. */
  get size(): number {
    return this.characters.length + 1;
  }

  /** Whether every code point of the text's NFC form is in the alphabet. */
  covers(text: string): boolean {
    return this.unknownCharacters(text).length === 0;
  }

  /** The distinct characters of the text's NFC form that are not in the alphabet, in order of appearance. */
  unknownCharacters(text: string): string[] {
    return [...new Set(text.normalize('NFC'))].filter((character) => !this.classOf.has(character));
  }

  /** The text in the alphabet's own characters: unknown ones are folded, those that cannot be are left as they are. */
  fold(text: string): string {
    return [...text.normalize('NFC')].map((character) => this.foldOne(character) ?? character).join('');
  }

  /** Class indices of the text's NFC code points; throws `INVALID_ARGUMENT` with the list of unknown characters. */
  encode(text: string, unknown: UnknownCharacters = 'error'): Uint16Array {
    const prepared = unknown === 'error' ? text.normalize('NFC') : this.fold(text);
    const unknowns = this.unknownCharacters(prepared);
    if (unknowns.length > 0 && unknown !== 'drop') {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `The alphabet of ${this.characters.length} characters lacks ${listed(unknowns)} of ${JSON.stringify(text)}; ` +
          `fold or drop such characters, or use a model whose alphabet has them.`,
      );
    }
    const classes: number[] = [];
    for (const character of prepared) {
      const index = this.classOf.get(character);
      if (index !== undefined) classes.push(index);
    }
    return Uint16Array.from(classes);
  }

  /** The text of class indices, blanks left out (repeats are kept: collapsing them is decoding's work). */
  decode(classes: ArrayLike<number>): string {
    let text = '';
    for (let i = 0; i < classes.length; i++) {
      if (classes[i] === blankClass) continue;
      text += this.character(classes[i]);
    }
    return text;
  }

  /** The character of a class ≥ 1; throws `INVALID_ARGUMENT` for any other number. */
  character(index: number): string {
    const character = this.characters[index - 1];
    if (character !== undefined) return character;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Class ${index} stands for no character: this alphabet has classes 1 to ${this.characters.length}.`,
    );
  }

  private foldOne(character: string): string | undefined {
    if (this.classOf.has(character)) return character;
    return foldCharacter(character).find((folded) => folded !== '' && this.covers(folded));
  }
}

function listed(characters: readonly string[]): string {
  const named = characters.map((character) => {
    const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    return `${JSON.stringify(character)} (U+${code})`;
  });
  return named.join(', ');
}
