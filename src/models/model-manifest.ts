import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { jsonDigest } from '../files/json-digest.ts';
import { sha256 } from '../files/sha256.ts';

const figures = z.record(z.string(), z.number());

/** The training that the weights come out of. */
const runSchema = z.strictObject({
  id: z.string(),
  /** Of this repository, those that the run was made with; `-dirty` where files had been changed. */
  commits: z.array(z.string()),
  /** Of the `.safetensors` file of the weights. */
  weights: sha256,
  /** The files of weights that it began with. */
  parents: z.array(z.strictObject({ weights: z.string(), sha256, licence: z.string() })),
});

/** What every `model.json` says. */
const common = {
  format: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  description: z.string(),
  /** A step of the course on the way to the others, to learn from and compare with: served only where it is named. */
  course: z.boolean().optional(),
  network: z.strictObject({ name: z.string(), config: z.record(z.string(), z.json()) }),
  parameters: z.int().positive(),
  /** For one image: a character, a line of 1,024 pixels, or a page of 736 × 960. */
  multiplyAccumulates: z.int().positive(),
  file: z.strictObject({ name: z.string(), bytes: z.int().positive(), sha256 }),
  provenance: z.strictObject({
    /** What it was trained on, with licences. */
    data: z.array(
      z.strictObject({ name: z.string(), items: z.int().positive(), licence: z.string(), note: z.string().optional() }),
    ),
    recipe: z.record(z.string(), z.json()),
    software: z.record(z.string(), z.string()),
    date: z.string(),
    run: runSchema.optional(),
  }),
  licence: z.string(),
  /** Figures by data set. */
  metrics: z.record(z.string(), figures),
  /** Of all the above, see `jsonDigest`: a class or a scale that was changed makes another model. */
  digest: sha256,
};

const characterManifestSchema = z.strictObject({
  ...common,
  kind: z.literal('character'),
  /** In the order of the model's outputs. */
  classes: z.array(z.string()).min(2),
  /** How an image becomes the model's input. */
  stem: z.strictObject({ name: z.literal('character'), height: z.int().positive(), width: z.int().positive() }),
  /** By which the logits are divided for confidences that hold; part of the graph already. */
  temperature: z.number().positive(),
});

const scaling = z.strictObject({ scale: z.number(), shift: z.number() });
const lineConfidence = z.strictObject({ character: scaling, word: scaling });

const lineManifestSchema = z.strictObject({
  ...common,
  kind: z.literal('line'),
  /** The characters of classes 1 and above; class 0 is the CTC blank. */
  alphabet: z.string().min(1),
  /** How an image becomes the model's input: its height, padded to a multiple of `widthStep`, squeezed to `maxWidth`. */
  stem: z.strictObject({
    name: z.literal('line'),
    height: z.int().positive(),
    widthStep: z.int().positive(),
    maxWidth: z.int().positive(),
  }),
  /** Pixels of the line from one time step to the next; absent where time steps are positions of the text, not places. */
  stride: z.int().positive().optional(),
  /** Scales of raw confidences' log-odds, by decoder. */
  confidence: z.strictObject({
    greedy: lineConfidence.optional(),
    beam: lineConfidence.optional(),
    lm: lineConfidence.optional(),
  }),
  /** How strongly a language model speaks in decoding. */
  fusion: z
    .strictObject({ weight: z.number(), bonus: z.number(), codeTrust: z.number().min(0).max(1).optional() })
    .optional(),
});

const pageManifestSchema = z.strictObject({
  ...common,
  kind: z.literal('page'),
  /** Pictures with more pixels are shrunk, and sides are padded to multiples of `step`; a cell of the answer is `stride` pixels wide. */
  stem: z.strictObject({
    name: z.literal('page'),
    pixels: z.int().positive(),
    step: z.int().positive(),
    stride: z.int().positive(),
  }),
  /** Cells with a lower probability are no part of a line. */
  threshold: z.number().gt(0).lt(1),
});

/** `model.json`: all that is needed to use a model, and where it comes from. */
const modelManifestSchema = z.discriminatedUnion('kind', [
  characterManifestSchema,
  lineManifestSchema,
  pageManifestSchema,
]);

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type CharacterModelManifest = z.infer<typeof characterManifestSchema>;
/** Of a model that reads. */
export type ReaderManifest = CharacterModelManifest | LineModelManifest;
export type PageModelManifest = z.infer<typeof pageManifestSchema>;
export type LineModelManifest = z.infer<typeof lineManifestSchema>;

/** Checks what a `model.json` holds; throws MODEL_INVALID with every fault. */
export function parseModelManifest(text: string, source: string): ModelManifest {
  const result = modelManifestSchema.safeParse(parseJson(text, source));
  if (result.success) return result.data;
  throw new TextRecognizerError(
    'MODEL_INVALID',
    `${source} does not describe a model:\n${z.prettifyError(result.error)}`,
  );
}

/** Throws CHECKSUM_MISMATCH unless the manifest has its own digest. */
export async function checkManifestDigest(manifest: ModelManifest, source: string): Promise<void> {
  const found = await jsonDigest(manifest);
  if (found === manifest.digest) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${source} was changed: its digest is ${found}, but it states ${manifest.digest}. Install the model again.`,
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TextRecognizerError('MODEL_INVALID', `${source} is not JSON; install the model again.`, {
      cause,
    });
  }
}
