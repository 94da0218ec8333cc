import { expect, test } from 'vitest';
import { optionalPackage } from './optional-package.ts';

test('a package that is there is given, one that is missing is named with what needs it', async () => {
  expect(await optionalPackage('Paths', 'node:path', () => import('node:path'))).toHaveProperty('join');
  const name = 'no-such-package';
  await expect(optionalPackage('Runs in S3', name, () => import(name))).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    message: 'Runs in S3 need a package that is not installed: npm install no-such-package',
  });
  const missing = { code: 'UNSUPPORTED_IMAGE', otherwise: ', or save the file as PNG.' } as const;
  await expect(optionalPackage('PDF files', name, () => import(name), missing)).rejects.toMatchObject({
    code: 'UNSUPPORTED_IMAGE',
    message: 'PDF files need a package that is not installed: npm install no-such-package, or save the file as PNG.',
  });
});
