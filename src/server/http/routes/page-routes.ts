import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Stands in for the page where it has not been built; needs no script. */
const plainPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Text Recognizer</title>
<h1>Text Recognizer</h1>
<form method="post" action="v1/predict" enctype="multipart/form-data">
  <p><label>Image of handwriting <input type="file" name="image" accept="image/*" required></label></p>
  <p><button>Read it</button></p>
</form>
<p>The drawing page is not built; <code>npm run build:web</code> makes it. See the <a href="docs">API</a>.</p>
</html>
`;

/** `GET /`: the built page and its files, or a plain form. */
export async function pageRoutes(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, (_, reply) => reply.type('text/html; charset=utf-8').send(plainPage));
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    // Vite names what is in assets/ by its content.
    setHeaders: (reply, path) =>
      reply.setHeader(
        'cache-control',
        /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
}
