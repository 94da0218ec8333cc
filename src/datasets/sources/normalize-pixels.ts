/** So many images tell whether paper is white. */
const LOOKED_AT = 500;

/**
 * Brings images of `height` × `width`, in place, to white ink 255 on black: those of 0 and 1 are stretched, those whose edges are mostly
 * white are inverted. Says what was done; undefined where they were so already.
 */
export function normalizePixels(images: Uint8Array, height: number, width: number): string | undefined {
  const done: string[] = [];
  if (isBinary(images)) {
    for (let i = 0; i < images.length; i++) images[i] *= 255;
    done.push('its pixels of 0 and 1 were read as 0 and 255');
  }
  if (isPaperWhite(images, height, width)) {
    for (let i = 0; i < images.length; i++) images[i] = 255 - images[i];
    done.push('its images, dark on white, were inverted');
  }
  return done.length === 0 ? undefined : done.join(', and ');
}

function isBinary(images: Uint8Array): boolean {
  return images.every((pixel) => pixel <= 1) && images.includes(1);
}

/** Whether most pixels at the edges of the first images are light: characters hardly reach there. */
function isPaperWhite(images: Uint8Array, height: number, width: number): boolean {
  const size = height * width;
  const count = Math.min(LOOKED_AT, images.length / size);
  let [light, all] = [0, 0];
  for (let image = 0; image < count; image++) {
    for (let at = 0; at < size; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      all++;
      if (images[image * size + at] >= 128) light++;
    }
  }
  return light > all / 2;
}
