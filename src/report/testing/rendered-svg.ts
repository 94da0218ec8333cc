import sharp from 'sharp';

/** An SVG drawn at its own size: `at(x, y)` is a pixel's `[red, green, blue]`. */
export async function renderedSvg(svg: string): Promise<{
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => number[];
}> {
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
  return { width: info.width, height: info.height, at };
}
