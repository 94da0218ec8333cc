/** What a file in one of the formats says of its picture beside the reading. */
export interface PageFacts {
  /** The name of the picture's file, as other programs find it from the file that is written. */
  readonly file: string;
  /** When it was read; now by default. */
  readonly created?: Date;
}

/** The name of this program, as the formats want it. */
export const SOFTWARE = 'Text Recognizer';
