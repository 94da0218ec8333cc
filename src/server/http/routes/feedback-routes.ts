import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Feedback } from '../../feedback/feedback.ts';
import { ProblemError } from '../problem.ts';
import { responses } from '../schemas.ts';

const feedbackSchema = z.strictObject({
  request_id: z.string().min(1).max(64).describe('Of the answer that is corrected (x-request-id)'),
  text: z.string().max(20_000).describe('What the image says, with a line break after each line'),
  consent: z.boolean().default(false).describe('Whether the owner of the image allows that it is kept'),
});

const keptSchema = z.object({
  id: z.uuid().optional().describe('Under which the image is kept, and can be deleted; absent where it is not kept'),
});

/** `POST /v1/feedback` and `DELETE /v1/feedback/:id`. */
export function feedbackRoutes(app: FastifyInstance, feedback: Feedback): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const post = { summary: 'Correct a reading', tags: ['feedback'], body: feedbackSchema };
  routes.post(
    '/v1/feedback',
    { bodyLimit: 2 ** 17, schema: { ...post, response: responses(keptSchema) } },
    async ({ body: { request_id: requestId, text, consent } }) => await feedback.give({ requestId, text, consent }),
  );
  const remove = { summary: 'Delete a kept image', tags: ['feedback'], params: z.object({ id: z.uuid() }) };
  routes.delete(
    '/v1/feedback/:id',
    { schema: { ...remove, response: responses(z.object({})) } },
    async ({ params: { id } }) => {
      if (await feedback.remove(id)) return {};
      throw new ProblemError('NOT_FOUND', 'Nothing is kept under this id.');
    },
  );
}
