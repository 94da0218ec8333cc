import { optionalPackage } from '../files/optional-package.ts';
import { decoderMissing } from './decoder-missing.ts';
import type { DrawnSource } from './draw-protocol.ts';
import type { DrawnFile } from './drawn-file.ts';
import { checkPixelCount } from './image-limits.ts';
import { orDamaged } from './or-damaged.ts';

/** Opens the first picture of a HEIC file, turned as it says, with libheif; throws INVALID_IMAGE, UNSUPPORTED_IMAGE or IMAGE_TOO_LARGE. */
export async function openHeic({ name, bytes, limits }: DrawnSource): Promise<DrawnFile> {
  const { default: decode } = await optionalPackage(
    'HEIC files',
    'heic-decode',
    () => import('heic-decode'),
    decoderMissing,
  );
  const [picture] = await orDamaged(name, () => decode.all({ buffer: bytes }));
  checkPixelCount(name, picture.width, picture.height, limits.maxPixels);
  const draw = async () => {
    const { width, height, data } = await orDamaged(name, () => picture.decode());
    return { width, height, data, channels: 4 } as const;
  };
  return { pages: 1, draw, close: async () => undefined };
}
