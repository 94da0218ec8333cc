import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TextRecognizerError } from '../../errors.ts';
import { readSecret } from '../../files/read-secret.ts';

const MAGIC = Buffer.from('TRFB1');
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key in a file of 64 hexadecimal digits; throws FILE_NOT_FOUND or INVALID_ARGUMENT. */
export async function readKey(path: string): Promise<Buffer> {
  const digits = await readSecret(path, 'the key of the feedback');
  if (/^[\da-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex');
  const message = `${path} must have a key of 64 hexadecimal digits: openssl rand -hex 32 > ${path}`;
  throw new TextRecognizerError('INVALID_ARGUMENT', message);
}

/** Encrypts with AES-256-GCM; `name` is authenticated, so that files cannot be exchanged for one another. */
export function seal(plain: Uint8Array, key: Uint8Array, name: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([MAGIC, iv, cipher.getAuthTag(), content]);
}

/** Decrypts what `seal` gave; throws FILE_CORRUPT for another key, another name, or a changed file. `path` is for the message. */
export function unseal(sealed: Uint8Array, key: Uint8Array, name: string, path: string): Buffer {
  const bytes = Buffer.from(sealed);
  const [ivEnd, tagEnd] = [MAGIC.length + IV_BYTES, MAGIC.length + IV_BYTES + TAG_BYTES];
  try {
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length < tagEnd) throw new Error('no such file');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(MAGIC.length, ivEnd), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(ivEnd, tagEnd));
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]);
  } catch (cause) {
    const message = `${path} cannot be decrypted: it is no feedback, was changed, or was encrypted with another key.`;
    throw new TextRecognizerError('FILE_CORRUPT', message, { cause });
  }
}
