/** An 8-bit gray image, row-major: `data[y * width + x]`, 0 = black, 255 = white. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
