import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { mutatedInputs } from '../../images/testing/mutated-inputs.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { Random } from '../../random/random.ts';
import { expectNothingHeld, plainAnswer, tightLimits } from '../testing/held.ts';
import { formOf, json, raw, runServer, sampleDataUrl, sampleImage, type RunningServer } from '../testing/run-server.ts';

/** `TEXT_RECOGNIZER_FUZZ=10000 npm test -- src/server/http/mutated-requests.test.ts` tries as many. */
const count = Number(process.env.TEXT_RECOGNIZER_FUZZ ?? 300);
/** Each is read twice: by the service and by the library. */
const imageCount = Math.ceil(count / 2);
const atOnce = 16;
const mebibyte = 2 ** 20;
const lineModel = 'line-recognizer';

vi.setConfig({ testTimeout: 60_000 + 200 * count });

let server: RunningServer;
let recognizer: Recognizer;

beforeAll(async () => {
  const models = ['mlp', lineModel];
  [server, recognizer] = await Promise.all([
    runServer(tightLimits, { models, deadlineMs: 60_000 }),
    Recognizer.load({ models }),
  ]);
});

afterAll(() => Promise.all([server.close(), recognizer.close()]));

type Image = Uint8Array<ArrayBuffer>;

/** Half of the images come as they are, a quarter each in JSON and in a form. */
const forms: readonly ((image: Image) => RequestInit)[] = [
  (image) => raw(image),
  (image) => json({ image: `data:image/png;base64,${Buffer.from(image).toString('base64')}` }),
  (image) => raw(image, 'application/octet-stream'),
  (image) => ({ method: 'POST', body: formOf(image) }),
];

/** What the library makes of an image: its text, or the code of its error. */
async function expected(image: Image, model: string): Promise<string> {
  try {
    return `text ${(await recognizer.read(image, { model })).text}`;
  } catch (error) {
    if (error instanceof TextRecognizerError) return error.code;
    throw error;
  }
}

/** Does `one` for 0 … `count` - 1, some at a time; gives how often each result came, and how much memory grew meanwhile. */
async function tally(
  count: number,
  one: (i: number) => Promise<string>,
): Promise<{ seen: Map<string, number>; grownBy: number }> {
  const seen = new Map<string, number>();
  const started = performance.now();
  let settled = 0;
  for (let i = 0; i < count; i += atOnce) {
    const results = await Promise.all(Array.from({ length: Math.min(atOnce, count - i) }, (_, j) => one(i + j)));
    for (const result of results) seen.set(result, (seen.get(result) ?? 0) + 1);
    if (settled === 0 && i > count / 3) settled = process.memoryUsage.rss();
  }
  const rss = process.memoryUsage.rss();
  const seconds = Math.round((performance.now() - started) / 1000);
  const memory = `${Math.round(settled / mebibyte)} MiB after a third, ${Math.round(rss / mebibyte)} MiB at the end`;
  if (count > 1000) console.log(`${count} requests in ${seconds} s`, Object.fromEntries(seen), memory);
  return { seen, grownBy: (rss - settled) / mebibyte };
}

test(`${imageCount} mutated images get from the service what the library says of them`, async () => {
  const inputOf = await mutatedInputs();
  const { seen, grownBy } = await tally(imageCount, async (i) => {
    const image = Uint8Array.from(inputOf(i));
    const model = i % 5 === 0 ? lineModel : 'mlp';
    const url = `${server.url}/v1/predict?model=${model}`;
    const response = await fetch(url, forms[i % forms.length](image));
    const { pred, code } = await plainAnswer(response);
    const outcome = response.status === 200 ? `text ${pred}` : code;
    expect(outcome, `input ${i}`).toBe(await expected(image, model));
    return `${response.status} ${code ?? ''}`.trim();
  });
  expect(grownBy).toBeLessThan(256);
  for (const often of ['200', '422 INVALID_IMAGE']) expect(seen.get(often)).toBeGreaterThan(imageCount / 20);
  await expectNothingHeld(server);
});

/** Bytes of which a few are changed, cut, doubled or added. */
function mutateBody(body: Uint8Array, random: Random): Image {
  const bytes = [...body];
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(bytes.length || 1);
    const length = random.below(20);
    const kind = random.below(5);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] ^= 1 << random.below(8);
    else if (kind === 2) bytes.splice(at, length);
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + length));
    else bytes.length = at;
  }
  return Uint8Array.from(bytes);
}

test(`${count} requests whose form is mutated as well are read or refused`, async () => {
  const start = '--edge\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n';
  const bodies: readonly (readonly [string, Uint8Array])[] = [
    ['image/png', sampleImage('digit-2')],
    ['application/json', Buffer.from(JSON.stringify({ image: sampleDataUrl('upper-A') }))],
    [
      'multipart/form-data; boundary=edge',
      Buffer.concat([Buffer.from(start), sampleImage('digit-7'), Buffer.from('\r\n--edge--\r\n')]),
    ],
  ];
  const { seen, grownBy } = await tally(count, async (i) => {
    const [type, body] = bodies[i % bodies.length];
    const response = await fetch(`${server.url}/v1/predict`, raw(mutateBody(body, Random.of(1, i)), type));
    const { code } = await plainAnswer(response);
    expect([200, 400, 413, 415, 422], `request ${i}`).toContain(response.status);
    return `${response.status} ${code ?? ''}`.trim();
  });
  expect(grownBy).toBeLessThan(256);
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['200', '400 INVALID_REQUEST', '422 INVALID_IMAGE']));
  await expectNothingHeld(server);
});
