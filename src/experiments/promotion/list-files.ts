import { createHash } from 'node:crypto';
import type { ModelFiles } from './model-registry.ts';

/** The files of a model as records list them. */
export function listFiles(files: ModelFiles): { name: string; bytes: number; sha256: string }[] {
  return [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: hashOf(bytes) }));
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
