import { requestParameters } from './request-parameters.ts';

const image = { type: 'string', format: 'binary' } as const;
const dataUrl = {
  type: 'string',
  pattern: '^data:[^,]*;base64,',
  examples: ['data:image/png;base64,iVBORw0KGgo…'],
} as const;

const { model, decoder, characters, pattern, words, likelyWords } = requestParameters;
const text = ({ help, maxLength }: { help: string; maxLength: number }) =>
  ({ type: 'string', description: help, maxLength }) as const;
const list = ({ help, maxLength }: { help: string; maxLength: number }) => ({
  description: help,
  oneOf: [
    { type: 'array', items: { type: 'string' } },
    { type: 'string', maxLength },
  ],
});
const choice = {
  model: text(model),
  decoder: { type: 'string', enum: decoder.choices, description: decoder.help },
  characters: text(characters),
  pattern: text(pattern),
  words: list(words),
  likelyWords: list(likelyWords),
} as const;

/** What the POST routes take, as OpenAPI says it; they parse it themselves, since there are several forms. */
const bodies: Record<string, object> = {
  '/v1/predict': {
    'application/json': { schema: { type: 'object', required: ['image'], properties: { image: dataUrl, ...choice } } },
    'multipart/form-data': { schema: { type: 'object', required: ['image'], properties: { image, ...choice } } },
    'image/*': { schema: image },
    'application/pdf': { schema: image },
    'application/octet-stream': { schema: image },
  },
  '/v1/predict/batch': {
    'application/json': {
      schema: {
        type: 'object',
        required: ['images'],
        properties: { images: { type: 'array', items: dataUrl }, ...choice },
      },
    },
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['images'],
        properties: { images: { type: 'array', items: image }, ...choice },
      },
    },
  },
};

bodies['/v1/predict/document'] = bodies['/v1/predict'];

/** Adds the request bodies to an OpenAPI document. */
export function describeBodies<T extends object>(document: T): T {
  const paths = (document as { paths?: Record<string, { post?: Record<string, unknown> }> }).paths ?? {};
  for (const [path, content] of Object.entries(bodies)) {
    const post = paths[path]?.post;
    if (post !== undefined) post.requestBody = { required: true, content };
  }
  return document;
}
