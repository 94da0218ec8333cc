import { gaussianBlur } from '../../images/gaussian-blur.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { invert } from '../../images/invert.ts';
import { resize } from '../../images/resize.ts';
import { rotate } from '../../images/rotate.ts';
import type { Random } from '../../random/random.ts';

/** What can happen to a picture on its way, each with a strength of its own by chance. */
export const disturbances = {
  inverted: invert,
  blurred: (picture, random) => gaussianBlur(picture, (picture.height / 64) * random.between(1.5, 2.5)),
  rotated: (picture, random) => rotateOnPaper(picture, (random.uniform() < 0.5 ? -1 : 1) * random.between(3, 7)),
  'low-resolution': (picture, random) => shrink(picture, random.between(0.15, 0.25)),
  mirrored: (picture) => mirror(picture),
} as const satisfies Record<string, (picture: GrayImage, random: Random) => GrayImage>;

export type Disturbance = keyof typeof disturbances;

export function shrink(picture: GrayImage, scale: number): GrayImage {
  const side = (length: number) => Math.max(4, Math.round(scale * length));
  return resize(picture, side(picture.width), side(picture.height), 'area');
}

/** In a frame that holds the whole of it; what comes in is white. */
export function rotateOnPaper(picture: GrayImage, degrees: number): GrayImage {
  const { width, height } = picture;
  const more = Math.ceil(Math.abs(Math.sin((degrees * Math.PI) / 180)) * width);
  const framed = new Uint8Array(width * (height + more));
  framed.set(invert(picture).data, (more >> 1) * width);
  return invert(rotate({ width, height: height + more, data: framed }, degrees));
}

/** Mirrored writing is in a script that no reader knows. */
export function mirror({ width, height, data }: GrayImage): GrayImage {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mirrored[y * width + x] = data[y * width + width - 1 - x];
  }
  return { width, height, data: mirrored };
}
