import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatBytes } from '../images/image-limits.ts';
import { bytesOfDataUrl } from './data-url.ts';
import { ProblemError, toProblem } from './problem.ts';

interface ImageOptions {
  readonly maxBytes: number;
  /** Told of the bytes of a form as they arrive; what it throws refuses the request. */
  readonly onBytes: (bytes: number) => void;
}

interface ImagesOptions extends ImageOptions {
  readonly maxImages: number;
}

const oneSchema = z.object({ image: z.string() });
const manySchema = z.object({ images: z.array(z.string()).min(1) });

/** The one image of a request: JSON `{ "image": data URL }`, a file of a form, or the body itself. */
export async function readImage(request: FastifyRequest, options: ImageOptions): Promise<Uint8Array> {
  const { maxBytes } = options;
  if (request.body instanceof Uint8Array) return checkSize(request.body, maxBytes);
  if (request.isMultipart()) return (await readForm(request, { ...options, maxImages: 1 }))[0];
  const { image } = parse(oneSchema, request.body, '{ "image": "data:image/png;base64,…" }');
  return checkSize(bytesOfDataUrl(image), maxBytes);
}

/** The images of a batch: JSON `{ "images": [data URL, …] }`, or the files of a form. */
export async function readImages(request: FastifyRequest, options: ImagesOptions): Promise<Uint8Array[]> {
  if (request.isMultipart()) return await readForm(request, options);
  const { images } = parse(manySchema, request.body, '{ "images": ["data:image/png;base64,…"] }');
  if (images.length > options.maxImages) throw tooMany(options.maxImages);
  return images.map((image) => checkSize(bytesOfDataUrl(image), options.maxBytes));
}

async function readForm(request: FastifyRequest, options: ImagesOptions): Promise<Uint8Array[]> {
  const { maxBytes, maxImages } = options;
  const images: Uint8Array[] = [];
  try {
    const limits = { fileSize: maxBytes, files: maxImages + 1, fields: 16, fieldSize: 1024, parts: maxImages + 17 };
    const parts: AsyncIterable<MultipartFile> = request.files({ limits });
    for await (const part of parts) {
      images.push(await readFile(part, options));
      if (images.length > maxImages) throw tooMany(maxImages);
    }
  } catch (error) {
    throw formProblem(error, maxBytes);
  }
  if (images.length > 0) return images;
  throw new ProblemError('INVALID_REQUEST', 'The form holds no file: send one as multipart/form-data, named "image".');
}

async function readFile({ file }: MultipartFile, { maxBytes, onBytes }: ImagesOptions): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of file as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    chunks.push(chunk);
  }
  if (file.truncated) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

/** What goes wrong in a form is in its bytes, whatever the parser throws. */
function formProblem(error: unknown, maxBytes: number): ProblemError {
  const problem = toProblem(error);
  if (problem.code === 'IMAGE_TOO_LARGE') return tooLarge(maxBytes);
  if (problem.code !== 'INTERNAL') return problem;
  const reason = error instanceof Error ? error.message : String(error);
  return new ProblemError('INVALID_REQUEST', `The form cannot be read: ${reason}.`, { cause: error });
}

function parse<T>(schema: z.ZodType<T>, body: unknown, wanted: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = z.prettifyError(result.error).replaceAll(/\s+/g, ' ').slice(0, 300);
  throw new ProblemError('INVALID_REQUEST', `The body must be ${wanted}: ${faults}`);
}

function checkSize(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('IMAGE_TOO_LARGE', `An image may have ${formatBytes(maxBytes)} here; save it smaller.`);
}

function tooMany(maxImages: number): ProblemError {
  return new ProblemError('INVALID_REQUEST', `At most ${maxImages} image${maxImages > 1 ? 's' : ''} may come here.`);
}
