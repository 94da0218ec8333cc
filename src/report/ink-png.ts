import sharp from 'sharp';

/** PNG of white ink on black (`[height, width]`, uint8), as dark ink on white. */
export async function inkPng({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}): Promise<Buffer> {
  const paper = Uint8Array.from(data, (value) => 255 - value);
  return await sharp(paper, { raw: { width, height, channels: 1 } })
    .png({ palette: true, colours: 16 })
    .toBuffer();
}
