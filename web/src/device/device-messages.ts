import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { Engine, PlacedReading } from '../reading/reading.ts';
import type { GpuUse } from './choose-engine.ts';

/** What the page asks of the worker; every request is answered under its `id`. */
export type DeviceRequest =
  | { readonly kind: 'load'; readonly id: number; readonly model: string; readonly base: string; readonly use: GpuUse }
  | { readonly kind: 'read'; readonly id: number; readonly image: GrayImage };

export type DeviceAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly loaded: number; readonly total: number }
  /** WebGPU begins with something, and may never be back; or it is. */
  | { readonly kind: 'gpu'; readonly id: number; readonly isBusy: boolean }
  | { readonly kind: 'loaded'; readonly id: number; readonly engine: Engine }
  | { readonly kind: 'reading'; readonly id: number; readonly read: PlacedReading }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly isGpu: boolean }
  /** The graphics processor is gone; answers to no request. */
  | { readonly kind: 'lost' };
