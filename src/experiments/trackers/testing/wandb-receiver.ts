import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** What W&B's program says of a run before its figures. */
interface SentRun {
  readonly name: string;
  readonly project: string;
  readonly config: string;
}

interface Question {
  readonly query: string;
  readonly variables: SentRun & { readonly files?: readonly string[] };
}

interface Streamed {
  readonly files?: Readonly<Record<string, { readonly content: readonly string[] }>>;
  readonly complete?: boolean;
  readonly exitcode?: number;
}

/** The far end of W&B's own program: takes on a port of this machine what `wandb sync` sends, and keeps it. */
export class WandbReceiver {
  readonly runs: SentRun[] = [];
  readonly history: unknown[] = [];
  summary: unknown;
  readonly files: Record<string, Buffer> = {};
  end: { readonly complete: boolean; readonly exitcode: number | undefined } | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  static async start(): Promise<WandbReceiver> {
    const receiver = new WandbReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** Leads W&B's program here. */
  get env(): NodeJS.ProcessEnv {
    return { WANDB_BASE_URL: this.#url, WANDB_API_KEY: 'a'.repeat(40), WANDB_ERROR_REPORTING: 'false' };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const answer = this.#answer(request.url ?? '', body);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  #answer(path: string, body: Buffer): object {
    const upload = /^\/upload\/(.+)$/.exec(path);
    if (upload) this.files[upload[1]] = body;
    else if (path === '/graphql') return { data: this.#answerQuestion(JSON.parse(body.toString()) as Question) };
    else if (path.endsWith('/file_stream')) this.#keep(JSON.parse(body.toString()) as Streamed);
    return {};
  }

  #answerQuestion({ query, variables }: Question): object {
    if (query.includes('upsertBucket')) {
      this.runs.push(variables);
      const { name, project } = variables;
      const place = { id: 'project', name: project, entity: { id: 'entity', name: 'team' } };
      return { upsertBucket: { bucket: { id: 'run', name, config: '{}', project: place }, inserted: true } };
    }
    if (!query.includes('createRunFiles')) return {};
    const files = (variables.files ?? []).map((name) => ({ name, uploadUrl: `${this.#url}/upload/${name}` }));
    return { createRunFiles: { runID: 'run', uploadHeaders: [], files } };
  }

  #keep({ files = {}, complete, exitcode }: Streamed): void {
    for (const line of files['wandb-history.jsonl']?.content ?? []) this.history.push(JSON.parse(line));
    const summary = files['wandb-summary.json']?.content.at(-1);
    if (summary !== undefined) this.summary = JSON.parse(summary);
    if (complete) this.end = { complete, exitcode };
  }
}
