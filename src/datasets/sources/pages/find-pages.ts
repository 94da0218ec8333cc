import { basename, dirname, join } from 'node:path';
import { TextRecognizerError } from '../../../errors.ts';
import { readImageHeader } from '../../../images/decode-image.ts';
import { type BadFileOptions, BadFiles } from '../bad-files.ts';
import { isPicture, listFiles, withoutExtension } from '../list-files.ts';
import { readFileOrExplain } from '../read-file-or-explain.ts';
import { type PageTranscript, readPageTranscript } from './page-transcript.ts';
import { readPageXml } from './read-page-xml.ts';
import type { Polygon, TranscribedPage } from './transcribed-page.ts';

/** So many files are named in a notice. */
const MOST_NAMED = 20;

export interface FindPagesOptions extends BadFileOptions {
  /** Only pages whose files' names begin so; all by default. */
  readonly prefix?: string;
  /** Only pages whose files are called so, without extension; all by default. */
  readonly only?: ReadonlySet<string>;
  /** What is said of pages in XML, which name no licence; default `unknown`. */
  readonly licence?: string;
}

/** A picture of a page, and what is written there. */
export interface FoundPage {
  /** Of the picture. */
  readonly path: string;
  readonly transcript: PageTranscript;
}

/**
 * The pages in `folder` and below: a picture with `NAME.json` (`PageTranscript`) beside it, or a file of PAGE XML or ALTO that names a
 * picture, which lies beside it, in the folder above (as Transkribus has it) or elsewhere in `folder`. In the order of the names of their
 * transcripts. Files that cannot be read, and lines without a place, go to `bad`. Throws FILE_NOT_FOUND or DATASET_INVALID.
 */
export async function findPages(folder: string, options: FindPagesOptions, bad: BadFiles): Promise<FoundPage[]> {
  const files = await listFiles(folder);
  const pictures = files.filter(isPicture);
  const stems = new Set(pictures.map(withoutExtension));
  const isWanted = (file: string) => {
    const name = withoutExtension(basename(file));
    return name.startsWith(options.prefix ?? '') && (options.only?.has(name) ?? true);
  };
  const transcripts = files.filter((file) => /\.(?:json|xml)$/iu.test(file) && isWanted(file));
  const alone = transcripts.filter((file) => /\.json$/iu.test(file) && !stems.has(withoutExtension(file)));
  if (alone.length > 0)
    options.onNotice?.(`${folder}: pictures are missing for ${alone.slice(0, MOST_NAMED).join(', ')}.`);
  const ids = idsOf(transcripts);
  const pages: FoundPage[] = [];
  for (const file of transcripts.filter((file) => !alone.includes(file))) {
    const path = join(folder, file);
    const page = await bad.read(path, () =>
      /\.json$/iu.test(file)
        ? readJsonPage(folder, file, pictures)
        : readXmlPage(folder, file, pictures, ids.get(file)!, options, bad),
    );
    if (page) pages.push(page);
  }
  requireOwnIds(pages);
  const used = new Set(pages.map(({ path }) => path));
  const spare = pictures.filter((file) => isWanted(file) && !used.has(join(folder, file)));
  tellUntranscribed(folder, spare, transcripts, options);
  return pages;
}

async function readJsonPage(folder: string, file: string, pictures: readonly string[]): Promise<FoundPage> {
  const picture = pictures.find((picture) => withoutExtension(picture) === withoutExtension(file))!;
  return { path: join(folder, picture), transcript: await readPageTranscript(join(folder, file)) };
}

async function readXmlPage(
  folder: string,
  file: string,
  pictures: readonly string[],
  id: string,
  { licence = 'unknown' }: FindPagesOptions,
  bad: BadFiles,
): Promise<FoundPage | undefined> {
  const page = await readPageXml(join(folder, file));
  if (page === undefined) return undefined;
  const path = join(folder, findPicture(file, page.imageFile, pictures));
  for (const fault of page.faults) bad.line(join(folder, file), fault);
  return { path, transcript: toTranscript(page, { id, licence, ...(await placing(page, path)) }) };
}

/** The size that the page's places have in the end, and the factors that bring them there. */
async function placing({ size, inPixels }: TranscribedPage, path: string) {
  if (size && inPixels) {
    return { width: Math.round(size.width), height: Math.round(size.height), scale: [1, 1] as const };
  }
  const { width, height } = await readImageHeader(await readFileOrExplain(path));
  return { width, height, scale: size ? ([width / size.width, height / size.height] as const) : ([1, 1] as const) };
}

function toTranscript(
  { lines }: TranscribedPage,
  { scale: [scaleX, scaleY], ...page }: Awaited<ReturnType<typeof placing>> & { id: string; licence: string },
): PageTranscript {
  const scaled = (points: Polygon) => points.map(([x, y]): [number, number] => [x * scaleX, y * scaleY]);
  const isWritten = ({ text }: { text: string }) => text !== '';
  return {
    ...page,
    lines: lines.filter(isWritten).map(({ text, polygon, baseline }) => ({
      text,
      polygon: scaled(polygon),
      baseline: baseline && scaled(baseline),
    })),
    omitted: lines.filter((line) => !isWritten(line)).map(({ polygon }) => ({ polygon: scaled(polygon) })),
  };
}

/** The picture that the XML names, or one that is called as the XML file is: beside it, in the folder above, or the only one of that name. */
function findPicture(file: string, named: string | undefined, pictures: readonly string[]): string {
  const name = named?.replace(/^.*[\\/]/u, '');
  const stem = withoutExtension(basename(file));
  const isNamed = (picture: string) => name !== undefined && basename(picture) === name;
  const isAlike = (picture: string) => withoutExtension(basename(picture)) === stem;
  const places = [dirname(file), dirname(dirname(file))];
  for (const fits of [isNamed, isAlike]) {
    const fitting = pictures.filter(fits);
    const near = places.map((place) => fitting.find((picture) => dirname(picture) === place)).find(Boolean);
    if (near !== undefined) return near;
    if (fitting.length === 1) return fitting[0];
    if (fitting.length > 1) throw ambiguous(fitting);
  }
  throw new TextRecognizerError(
    'FILE_NOT_FOUND',
    `There is no picture ${name ?? `${stem}.jpg`} in the folder of the file, its parent folder, or any other folder.`,
  );
}

function ambiguous(pictures: readonly string[]): TextRecognizerError {
  const message = `Several pictures might be meant: ${pictures.slice(0, 3).join(', ')}. Put the right one beside the XML.`;
  return new TextRecognizerError('DATASET_INVALID', message);
}

/** Pages in XML are called as their files; with the folder before it where two files are of one name. */
function idsOf(files: readonly string[]): Map<string, string> {
  const stems = files.map((file) => withoutExtension(basename(file)));
  const seen = new Set<string>();
  const repeated = new Set(stems.filter((stem) => seen.size === seen.add(stem).size));
  return new Map(
    files.map((file, i) => [file, repeated.has(stems[i]) ? withoutExtension(file).replaceAll('/', '-') : stems[i]]),
  );
}

/** Lines are told apart by their page's id: two pages of one id would make a pack that cannot be read. */
function requireOwnIds(pages: readonly FoundPage[]): void {
  const paths = new Map<string, string>();
  for (const { path, transcript } of pages) {
    const other = paths.get(transcript.id);
    if (other !== undefined) {
      throw new TextRecognizerError(
        'DATASET_INVALID',
        `The pages ${other} and ${path} have the same id, ${JSON.stringify(transcript.id)}: give each a unique id in its JSON.`,
      );
    }
    paths.set(transcript.id, path);
  }
}

/** Pictures that no transcript goes with: where there is no transcript at all, something is missing. */
function tellUntranscribed(
  folder: string,
  pictures: readonly string[],
  transcripts: readonly string[],
  { onNotice }: FindPagesOptions,
): void {
  const stems = new Set(transcripts.map((file) => withoutExtension(basename(file))));
  const spare = pictures.filter((picture) => !stems.has(withoutExtension(basename(picture))));
  if (spare.length === 0) return;
  if (transcripts.length === 0) {
    const wanted = join(folder, withoutExtension(spare[0]));
    const cure = `\`recognize ${folder} --format page --output ${join(folder, 'page')}\` writes what it reads, for you to correct.`;
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no transcript ${wanted}.json or ${wanted}.xml. ${cure}`);
  }
  const more = spare.length > MOST_NAMED ? ` and ${spare.length - MOST_NAMED} more` : '';
  onNotice?.(`${folder}: there is no transcript of ${spare.slice(0, MOST_NAMED).join(', ')}${more}.`);
}
