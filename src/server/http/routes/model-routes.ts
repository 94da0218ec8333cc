import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ReadingService, ServedModel } from '../../reading-service.ts';
import { modelsSchema, responses } from '../schemas.ts';

/** `GET /v1/models`: what is served, the default first. */
export function modelRoutes(app: FastifyInstance, { models }: ReadingService): void {
  const schema = { summary: 'The models that read here', tags: ['reading'], response: responses(modelsSchema) };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/v1/models', { schema }, () => ({ default: models[0].manifest.name, models: models.map(describe) }));
}

function describe({ manifest, decoders }: ServedModel) {
  const { name, kind, description, parameters, file, licence, metrics } = manifest;
  const classes = manifest.kind === 'character' ? manifest.classes : [...manifest.alphabet];
  const { bytes, sha256 } = file;
  return { name, kind, description, classes, decoders: [...decoders], parameters, bytes, sha256, licence, metrics };
}
