import { z } from 'zod';

/** The SHA-256 of a file or text, as 64 lower-case hexadecimal digits. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'It must be a SHA-256: 64 hexadecimal digits.');
