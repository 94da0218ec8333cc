import { expect, vi } from 'vitest';
import { problems } from '../http/problem.ts';
import { bodyLimit } from '../http/routes/predict-routes.ts';
import { answerOf, raw, sampleImage, type Answer, type RunningServer } from './run-server.ts';

/** Limits under which the largest request fits only into a budget of which not one byte is taken. */
export const tightLimits = { maxBytes: 2 ** 20, maxBodyBytes: bodyLimit(2, 2 ** 20) } as const;

/**
 * Waits until a server with `tightLimits` holds nothing of any request, and reads as it should: no image that
 * waits or is read, no byte of the budget. Fails if that does not come within 20 s.
 */
export async function expectNothingHeld(server: RunningServer): Promise<void> {
  await vi.waitFor(() => expect([server.pool.waiting, server.pool.accepted]).toEqual([0, 0]), 20_000);
  const largest = raw(new Uint8Array(tightLimits.maxBodyBytes).fill(0x20), 'application/json');
  await vi.waitFor(async () => {
    const response = await fetch(`${server.url}/v1/predict/batch`, largest);
    expect([response.status, (await answerOf(response)).code]).toEqual([400, 'INVALID_REQUEST']);
  }, 20_000);
  const image = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
  expect(await image.json()).toMatchObject({ pred: '2' });
}

const leaks = /node_modules|file:\/\/|\.[cm]?[jt]s\b|\n\s+at |[/\\](?:home|root|tmp|usr|var|work)[/\\]/i;

/** The answer of a response that must be a reading or a problem of the table, and tells nothing of the server's inside. */
export async function plainAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  expect(text).not.toMatch(leaks);
  const answer = JSON.parse(text) as Answer;
  if (response.status === 200) return answer;
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Object.keys(problems)).toContain(answer.code);
  expect(answer.code).not.toBe('INTERNAL');
  expect(problems[answer.code as keyof typeof problems].status).toBe(response.status);
  return answer;
}
