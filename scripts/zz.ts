import { openDataset } from '../src/datasets/registry.ts';
import { composeScene } from '../src/datasets/synthesis/pages/line-scene.ts';
import { Random } from '../src/random/random.ts';
import { openPageFinder } from '../src/reading/open-page-finder.ts';
import { readModel } from '../src/models/model-store.ts';
import { lookAtPicture } from '../src/reading/look-at-picture.ts';
import { Recognizer } from '../src/reading/recognizer.ts';
import { resize } from '../src/images/resize.ts';
import { cutPolygon } from '../src/images/cut-polygon.ts';
import { characterStem } from '../src/images/character-stem.ts';
import sharp from 'sharp';
const finder = await openPageFinder(await readModel('page'), {threads: 1});
const rec = await Recognizer.load();
const chars = await openDataset('/work/shared/data/emnist/emnist-byclass-test', {root: 'data'});
const parts: any[] = []; let y = 0;
for (const kind of ['frame','cell','border','shadow','dots','rules','squares','margin'] as const) { for (let i = 0; i < 6; i++) {
  const random = Random.of(15, i); const data = new Uint8Array(784); chars.read([i*37], data);
  const line = resize({width:28,height:28,data},64,64,'bicubic');
  const { image } = composeScene(kind, { line, above: {...line,data:new Uint8Array(4096)}, below: {...line,data:new Uint8Array(4096)} }, random);
  const look = await lookAtPicture(image, async () => finder);
  const r = await rec.read({...image, channels: 1}).catch((e) => ({text: e.code, kind: '', confidence: 0}));
  console.log(kind, i, chars.classes[chars.labels[i*37]], look.content, look.isTidy, look.cutouts?.length, JSON.stringify(r.text), r.kind, r.confidence.toFixed(2));
  const cut = look.cutouts?.length === 1 ? cutPolygon(image, look.cutouts[0]) : image;
  const st = characterStem(cut);
  let x = i * 320;
  for (const im of [image, cut, st]) { parts.push({ input: await sharp(im.data, { raw: { width: im.width, height: im.height, channels: 1 } }).resize({ width: 100, height: 100, fit: 'inside' }).toColourspace('srgb').png().toBuffer(), left: x, top: y }); x += 104; }
} y += 104; }
await sharp({ create: { width: 1920, height: y, channels: 3, background: '#800' } }).composite(parts).png().toFile('/tmp/dump.png');
