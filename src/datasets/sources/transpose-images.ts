/** Exchanges rows and columns of every image of `images` (`[count, rows, columns]` to `[count, columns, rows]`), in place. */
export function transposeImages(images: Uint8Array, rows: number, columns: number): void {
  const size = rows * columns;
  const before = new Uint8Array(size);
  for (let start = 0; start + size <= images.length; start += size) {
    before.set(images.subarray(start, start + size));
    for (let y = 0, to = start; y < columns; y++) {
      for (let x = 0; x < rows; x++) images[to++] = before[x * columns + y];
    }
  }
}
