import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { BodyBlocks } from './body-blocks.ts';
import { bodyPace } from './body-pace.ts';
import { type EncodedBody, imageTooLarge, type Pieces, tooManyImages } from './open-body.ts';
import { ProblemError, toProblem } from './problem.ts';
import { checkNames, choiceOfBody, MAX_FIELD_BYTES } from './request-parameters.ts';

interface FormOptions {
  readonly maxBytes: number;
  readonly maxImages: number;
  /** Told of the bytes of files and fields as they arrive; what it throws refuses the request. */
  readonly onBytes: (bytes: number) => void;
}

/** The files of a form, in the pieces that came; throws INVALID_REQUEST or IMAGE_TOO_LARGE. */
export async function readForm(request: FastifyRequest, options: FormOptions): Promise<EncodedBody> {
  const { maxBytes, maxImages, onBytes } = options;
  const files: Pieces[] = [];
  const fields: Record<string, unknown> = {};
  try {
    const limits = {
      fileSize: maxBytes,
      files: maxImages + 1,
      fields: 16,
      fieldSize: MAX_FIELD_BYTES,
      parts: maxImages + 17,
    };
    const parts: AsyncIterable<Multipart> = request.parts({ limits });
    for await (const part of parts) {
      if (part.type === 'field') {
        if (part.valueTruncated) throw fieldTooLong(part.fieldname);
        if (typeof part.value === 'string') onBytes(Buffer.byteLength(part.value));
        addField(fields, part.fieldname, part.value);
        continue;
      }
      checkNames([part.fieldname], fileNames, 'the form');
      files.push(await readFile(part, options));
      if (files.length > maxImages) throw tooManyImages(maxImages);
    }
  } catch (error) {
    throw formProblem(error, maxBytes);
  }
  const choice = choiceOfBody(fields, []);
  if (files.length > 0) return { kind: 'files', files, choice };
  throw new ProblemError('INVALID_REQUEST', 'The form holds no file: send one as multipart/form-data, named "image".');
}

/** Of files, whether one or several are sent. */
const fileNames = ['image', 'images', 'image[]', 'images[]'];

function addField(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (fileNames.includes(name))
    throw new ProblemError('INVALID_REQUEST', `"${name}" in the form must be a file, not text.`);
  if (Object.hasOwn(fields, name)) throw new ProblemError('INVALID_REQUEST', `The form gives "${name}" twice.`);
  fields[name] = value;
}

function fieldTooLong(name: string): ProblemError {
  const shown = JSON.stringify(name.slice(0, 50));
  return new ProblemError('INVALID_REQUEST', `${shown} in the form has more than ${MAX_FIELD_BYTES} bytes.`);
}

async function readFile({ file }: MultipartFile, { maxBytes, onBytes }: FormOptions): Promise<Pieces> {
  const blocks = new BodyBlocks();
  for await (const piece of file as AsyncIterable<Buffer>) {
    onBytes(piece.length);
    blocks.add(piece);
    await bodyPace.take(piece.length, blocks.bytes);
  }
  if (file.truncated) throw imageTooLarge(maxBytes);
  return blocks.pieces();
}

/** What goes wrong in a form is in its bytes, whatever the parser throws. */
function formProblem(error: unknown, maxBytes: number): ProblemError {
  const problem = toProblem(error);
  if (problem.code === 'IMAGE_TOO_LARGE') return imageTooLarge(maxBytes);
  if (problem.code !== 'INTERNAL') return problem;
  const reason = error instanceof Error ? error.message : String(error);
  return new ProblemError('INVALID_REQUEST', `The form cannot be read: ${reason}.`, { cause: error });
}
