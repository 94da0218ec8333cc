import { TextRecognizerError } from '../errors.ts';
import type { PageModelManifest } from '../models/model-manifest.ts';
import type { StoredModel } from '../models/model-store.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';

/** A page model with its session on Node, a `PageFinder` for `findLines`. */
export interface OpenPageFinder {
  readonly manifest: PageModelManifest;
  readonly session: Session;
}

/** Opens a model that finds lines; throws MODEL_INVALID for one that reads. */
export async function openPageFinder(
  { manifest, onnx }: StoredModel,
  options: SessionOptions = {},
): Promise<OpenPageFinder> {
  if (manifest.kind !== 'page') {
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `Model '${manifest.name}' reads ${manifest.kind}s; it finds no lines.`,
    );
  }
  // Pages differ in size, and each needs a hundred times what a line does.
  return { manifest, session: await Session.load(onnx, { ...options, keepMemory: false }) };
}
