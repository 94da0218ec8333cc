import { readImageHeader, type ImageHeader } from '../../images/decode-image.ts';
import { formatBytes, type ImageLimits } from '../../images/image-limits.ts';
import { bytesOfDataUrl } from './data-url.ts';
import { ProblemError, toProblem, type ProblemCode } from './problem.ts';
import type { ReadChoice } from '../reading-service.ts';
import { choiceOfBody } from './request-parameters.ts';

/** Bytes as they arrived, in pieces that each have memory of their own. */
export type Pieces = readonly Uint8Array<ArrayBuffer>[];

/** The same bytes in memory that they share with nothing else, so that it can be handed to another thread. */
export function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isOwn = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return isOwn ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

/** A body as it arrived: JSON, or files. */
export type EncodedBody =
  | { readonly kind: 'json'; readonly pieces: Pieces }
  | { readonly kind: 'files'; readonly files: readonly Pieces[]; readonly choice?: ReadChoice };

/** All pieces of a body. */
export function piecesOf(body: EncodedBody): Pieces {
  return body.kind === 'json' ? body.pieces : body.files.flat();
}

/** How many bytes pieces have together. */
export function bytesOf(pieces: Pieces): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** What a body may hold. */
export interface BodyLimits {
  /** `one` for `{ "image": … }`, or how many there may be in `{ "images": […] }`. */
  readonly images: 'one' | number;
  /** Most bytes of one image. */
  readonly maxBytes: number;
  readonly image?: Partial<ImageLimits>;
}

/** An encoded image, in memory of its own, and what its header says of it. */
export interface OpenedImage extends ImageHeader {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A problem as it travels between threads. */
export interface ProblemMessage {
  readonly code: ProblemCode;
  readonly message: string;
}

/** An image that may be decoded, or why it may not. */
export type OpenedItem = OpenedImage | { readonly problem: ProblemMessage };

/** The images in a body, and how they are to be read. */
export interface OpenedBody {
  readonly items: OpenedItem[];
  readonly choice: ReadChoice;
}

/** Finds the images in a body and reads their headers; throws INVALID_REQUEST or IMAGE_TOO_LARGE for the body as a whole. */
export async function openBody(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody> {
  const { images, choice = {} } =
    body.kind === 'json'
      ? contentOfJson(body.pieces, limits)
      : { ...body, images: body.files.map((file) => joined(file)) };
  for (const { length } of images) if (length > limits.maxBytes) throw imageTooLarge(limits.maxBytes);
  const items: OpenedItem[] = [];
  for (const image of images) items.push(await openImage(image, limits.image));
  return { items, choice };
}

export function imageTooLarge(maxBytes: number): ProblemError {
  return new ProblemError('IMAGE_TOO_LARGE', `An image may have ${formatBytes(maxBytes)} here; save it smaller.`);
}

export function tooManyImages(maxImages: number): ProblemError {
  return new ProblemError('INVALID_REQUEST', `At most ${maxImages} image${maxImages > 1 ? 's' : ''} may come here.`);
}

async function openImage(bytes: Uint8Array<ArrayBuffer>, limits?: Partial<ImageLimits>): Promise<OpenedItem> {
  try {
    return { bytes, ...(await readImageHeader(bytes, limits)) };
  } catch (error) {
    const { code, message } = toProblem(error);
    return { problem: { code, message } };
  }
}

/** One piece of memory, which can be handed to another thread. */
function joined(pieces: Pieces): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytesOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

interface BodyContent {
  readonly images: readonly Uint8Array<ArrayBuffer>[];
  readonly choice?: ReadChoice;
}

function contentOfJson(pieces: Pieces, { images }: BodyLimits): BodyContent {
  const body = parseJson(Buffer.from(joined(pieces).buffer).toString());
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wanted(images);
  const members = body as Readonly<Record<string, unknown>>;
  const choice = choiceOfBody(members, [images === 'one' ? 'image' : 'images']);
  const urls = images === 'one' ? [members.image] : listOf(members.images, images);
  const decoded = urls.map((url) => {
    if (typeof url !== 'string') throw wanted(images);
    return bytesOfDataUrl(url);
  });
  return { images: decoded, choice };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 100) : String(cause);
    throw new ProblemError('INVALID_REQUEST', `The body is not JSON: ${reason}.`, { cause });
  }
}

/** How many there are is looked at before any of them. */
function listOf(list: unknown, maxImages: number): unknown[] {
  if (!Array.isArray(list) || list.length === 0) throw wanted(maxImages);
  if (list.length > maxImages) throw tooManyImages(maxImages);
  return list;
}

function wanted(images: 'one' | number): ProblemError {
  const form =
    images === 'one' ? '{ "image": "data:image/png;base64,…" }' : '{ "images": ["data:image/png;base64,…"] }';
  return new ProblemError('INVALID_REQUEST', `The body must be JSON such as ${form}.`);
}
