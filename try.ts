import { pdfOfPages } from './src/images/testing/make-pdf.ts';
import { decodeImage } from './src/images/decode-image.ts';
console.time('a');
const im = await decodeImage(
  pdfOfPages([
    [144, 72],
    [144, 72, '/Rotate 90'],
  ]),
  {},
  2,
);
console.log(im.width, im.height, im.original);
console.timeEnd('a');
