import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOndbStrokes, parseOndbText, readIamOndb } from './iam-ondb.ts';

const xml = `<?xml version="1.0" encoding="ISO-8859-1"?>
<WhiteboardCaptureSession>
  <WhiteboardDescription><SensorLocation corner="top_left"/></WhiteboardDescription>
  <StrokeSet>
    <Stroke colour="black" start_time="1" end_time="2"><Point x="895" y="992" time="769.05"/><Point x="900" y="-3" time="769.06"/></Stroke>
    <Stroke colour="black" start_time="3" end_time="3"><Point x="1" y="2" time="770"/></Stroke>
    <Stroke colour="black" start_time="3" end_time="3"></Stroke>
  </StrokeSet>
</WhiteboardCaptureSession>`;

const text = 'OCR:\n\nA M0VE to\n\nCSR:\n\nA MOVE to stop\nMr. Gaitskell\n';

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ondb-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

test('reads points and strokes', () => {
  const { points, strokes } = parseOndbStrokes(xml, 'x');
  expect([...points]).toEqual([895, 992, 900, -3, 1, 2]);
  expect([...strokes]).toEqual([2, 1]);
  expect(() => parseOndbStrokes('<WhiteboardCaptureSession/>', 'x')).toThrow(/^x: this is not the XML of a line/);
  expect(() => parseOndbStrokes(xml.replace('"895"', '"many"'), 'x')).toThrow(/no strokes with points/);
});

test('reads the corrected texts', () => {
  expect(parseOndbText(text)).toEqual(['A MOVE to stop', 'Mr. Gaitskell']);
  expect(() => parseOndbText('OCR:\nguess')).toThrow(/has a section CSR:/);
});

test('brings lines and texts together by number, and counts lines without text', async () => {
  const folder = await folderWith({
    'ascii/a01/a01-000/a01-000u.txt': text,
    'lineStrokes/a01/a01-000/a01-000u-01.xml': xml,
    'lineStrokes/a01/a01-000/a01-000u-02.xml': xml,
    'lineStrokes/a01/a01-000/a01-000u-03.xml': xml,
  });
  const { lines, leftOut } = await readIamOndb(folder);
  expect(leftOut).toBe(1);
  expect(lines.map(({ info }) => info)).toEqual([
    { id: 'a01-000u-01', text: 'A MOVE to stop', page: 'a01-000u' },
    { id: 'a01-000u-02', text: 'Mr. Gaitskell', page: 'a01-000u' },
  ]);
  expect([...lines[1].strokes]).toEqual([2, 1]);
});

test('says what is missing', async () => {
  await expect(readIamOndb(await folderWith({}))).rejects.toThrow(/no lineStrokes\/. Register at/);
  const noText = await folderWith({ 'lineStrokes/a01/a01-000/a01-000u-01.xml': xml, 'ascii/x.txt': '' });
  await expect(readIamOndb(noText)).rejects.toThrow(/a01-000u.txt does not exist/);
});
