/** Another way to read the same ink, with its probability in [0, 1]. */
export interface OtherReading {
  readonly text: string;
  readonly confidence: number;
}

/** A character as read; `start` and `end` are shares of the image's width in [0, 1], where the model knows them. */
export interface CharacterOfReading extends OtherReading {
  readonly alternatives: readonly OtherReading[];
  readonly start?: number;
  readonly end?: number;
}

/** A word as read, with its extent as in `CharacterOfReading`. */
export interface WordOfReading extends OtherReading {
  readonly start?: number;
  readonly end?: number;
}

/** What a model read in one image, whatever its kind. */
export interface Reading extends OtherReading {
  readonly characters: readonly CharacterOfReading[];
  readonly words: readonly WordOfReading[];
  readonly alternatives: readonly OtherReading[];
}
