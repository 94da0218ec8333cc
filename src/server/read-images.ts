import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatBytes } from '../images/image-limits.ts';
import { bytesOfDataUrl } from './data-url.ts';
import { ProblemError, toProblem } from './problem.ts';

interface ImagesLimits {
  readonly maxBytes: number;
  readonly maxImages: number;
}

const oneSchema = z.object({ image: z.string() });
const manySchema = z.object({ images: z.array(z.string()).min(1) });

/** The one image of a request: JSON `{ "image": data URL }`, a file of a form, or the body itself. */
export async function readImage(request: FastifyRequest, maxBytes: number): Promise<Uint8Array> {
  if (request.body instanceof Uint8Array) return checkSize(request.body, maxBytes);
  if (request.isMultipart()) return (await readForm(request, { maxBytes, maxImages: 1 }))[0];
  const { image } = parse(oneSchema, request.body, '{ "image": "data:image/png;base64,…" }');
  return checkSize(bytesOfDataUrl(image), maxBytes);
}

/** The images of a batch: JSON `{ "images": [data URL, …] }`, or the files of a form. */
export async function readImages(request: FastifyRequest, limits: ImagesLimits): Promise<Uint8Array[]> {
  if (request.isMultipart()) return await readForm(request, limits);
  const { images } = parse(manySchema, request.body, '{ "images": ["data:image/png;base64,…"] }');
  if (images.length > limits.maxImages) throw tooMany(limits.maxImages);
  return images.map((image) => checkSize(bytesOfDataUrl(image), limits.maxBytes));
}

async function readForm(request: FastifyRequest, { maxBytes, maxImages }: ImagesLimits): Promise<Uint8Array[]> {
  const images: Uint8Array[] = [];
  try {
    const limits = { fileSize: maxBytes, files: maxImages + 1, fields: 16, parts: maxImages + 17 };
    const parts: AsyncIterable<MultipartFile> = request.files({ limits });
    for await (const part of parts) {
      images.push(await part.toBuffer());
      if (images.length > maxImages) throw tooMany(maxImages);
    }
  } catch (error) {
    throw formProblem(error, maxBytes);
  }
  if (images.length > 0) return images;
  throw new ProblemError('INVALID_REQUEST', 'The form holds no file: send one as multipart/form-data, named "image".');
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
