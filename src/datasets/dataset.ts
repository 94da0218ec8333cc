/** A labelled collection of equally sized uint8 images, in memory or on disk. */
export interface Dataset {
  readonly name: string;
  /** Class names in label order, e.g. `['0', …, 'z']`; at most 256. */
  readonly classes: readonly string[];
  readonly length: number;
  readonly height: number;
  readonly width: number;
  /** Labels of all items, `[length]`, each an index into `classes`; small enough to stay in memory. */
  readonly labels: Uint8Array;
  /** Copies the images at `indices` into `images` (`[batch, height, width]`, uint8, white ink 255 on black 0). */
  read(indices: ArrayLike<number>, images: Uint8Array): void;
  /** A plain description from which another thread opens the same data; survives `structuredClone`. */
  readonly source: DatasetSource;
}

/** How to open a dataset again on another thread; `openDatasetSource` does it. Pixels in memory are shared, not copied. */
export type DatasetSource =
  | {
      readonly kind: 'memory';
      readonly name: string;
      readonly classes: readonly string[];
      readonly height: number;
      readonly width: number;
      readonly images: Uint8Array<SharedArrayBuffer>;
      readonly labels: Uint8Array<SharedArrayBuffer>;
    }
  | { readonly kind: 'shards'; readonly folder: string }
  | {
      readonly kind: 'subset';
      readonly name: string;
      readonly base: DatasetSource;
      readonly indices: Uint32Array<SharedArrayBuffer>;
    }
  | { readonly kind: 'concat'; readonly name: string; readonly parts: readonly DatasetSource[] }
  | {
      readonly kind: 'relabel';
      readonly name: string;
      readonly base: DatasetSource;
      readonly classes: readonly string[];
      /** New label of each old label, `[base.classes.length]`. */
      readonly table: readonly number[];
    };
