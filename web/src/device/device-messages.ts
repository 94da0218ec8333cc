import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { Reading } from '../reading/reading.ts';

/** What the page asks of the worker; every request is answered under its `id`. */
export type DeviceRequest =
  | { readonly kind: 'load'; readonly id: number; readonly model: string; readonly base: string }
  | { readonly kind: 'read'; readonly id: number; readonly image: GrayImage };

export type DeviceAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly loaded: number; readonly total: number }
  | { readonly kind: 'loaded'; readonly id: number }
  | { readonly kind: 'reading'; readonly id: number; readonly reading: Reading }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
