import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { onAnswerEnd } from '../http/answer-end.ts';
import type { TimedReading } from '../reading-service.ts';
import type { OpenTelemetry } from './load-open-telemetry.ts';
import type { RequestSpan, RequestTracing } from './request-tracing.ts';

/** The methods that OpenTelemetry names; others are one, so that clients cannot make up names of spans. */
const methods: ReadonlySet<string> = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '));

/**
 * Traces requests by OpenTelemetry's semantic conventions for HTTP, and continues the trace that a request says it is part of. Paths, which
 * may hold anything, and addresses are left out.
 */
export class RequestTraces implements RequestTracing {
  readonly #api: OpenTelemetry['api'];
  readonly #tracer: Tracer;
  readonly #propagator: InstanceType<OpenTelemetry['core']['W3CTraceContextPropagator']>;
  readonly #spans = new WeakMap<FastifyRequest, RequestSpan>();

  constructor({ api, core }: OpenTelemetry, tracer: Tracer) {
    this.#api = api;
    this.#tracer = tracer;
    this.#propagator = new core.W3CTraceContextPropagator();
  }

  begin(request: FastifyRequest, reply: FastifyReply): void {
    const { ROOT_CONTEXT, SpanKind, defaultTextMapGetter, trace } = this.#api;
    const toWallClock = wallClock();
    const route = request.routeOptions.url;
    const isKnown = methods.has(request.method);
    const attributes = {
      'http.request.method': isKnown ? request.method : '_OTHER',
      ...(route !== undefined && { 'http.route': route }),
      'url.scheme': request.protocol,
      'network.protocol.version': request.raw.httpVersion,
      'text_recognizer.request_id': request.id,
    };
    const name = [isKnown ? request.method : 'HTTP', ...(route === undefined ? [] : [route])].join(' ');
    const parent = this.#propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const startTime = toWallClock(performance.now());
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, startTime, attributes }, parent);
    const context = trace.setSpan(parent, span);
    this.#spans.set(request, new SpanOfRequest(this.#api, this.#tracer, context, toWallClock));
    onAnswerEnd(reply, () => this.#end(span, reply, toWallClock(performance.now())));
  }

  spanOf(request: FastifyRequest): RequestSpan | undefined {
    return this.#spans.get(request);
  }

  #end(span: Span, { raw }: FastifyReply, endTime: number): void {
    if (raw.headersSent) span.setAttribute('http.response.status_code', raw.statusCode);
    const failure = raw.writableFinished ? raw.statusCode >= 500 && String(raw.statusCode) : 'aborted';
    if (failure !== false) {
      span.setAttribute('error.type', failure).setStatus({ code: this.#api.SpanStatusCode.ERROR });
    }
    span.end(endTime);
  }
}

class SpanOfRequest implements RequestSpan {
  readonly #api: OpenTelemetry['api'];
  readonly #tracer: Tracer;
  readonly #context: Context;
  readonly #toWallClock: (time: number) => number;

  constructor(api: OpenTelemetry['api'], tracer: Tracer, context: Context, toWallClock: (time: number) => number) {
    this.#api = api;
    this.#tracer = tracer;
    this.#context = context;
    this.#toWallClock = toWallClock;
  }

  /** A batch is decoded while the one before it is computed, so that there may be a gap between its stages. */
  read(start: number, { reading, timing, measurement }: TimedReading): void {
    const end = performance.now();
    const { queueMs, decodeMs, computeMs, batchSize } = timing;
    const span = this.#start('read', start, this.#context, {
      'text_recognizer.model': reading.model,
      'text_recognizer.kind': reading.kind,
      ...(measurement?.decoder && { 'text_recognizer.decoder': measurement.decoder }),
      'text_recognizer.batch_size': batchSize,
    });
    const context = this.#api.trace.setSpan(this.#context, span);
    const dequeued = start + queueMs;
    this.#stage('queue', start, dequeued, context);
    this.#stage('decode', dequeued, dequeued + decodeMs, context);
    this.#stage('compute', end - computeMs, end, context);
    span.end(this.#toWallClock(end));
  }

  failed(start: number, code: string): void {
    const span = this.#start('read', start, this.#context, { 'error.type': code });
    span.setStatus({ code: this.#api.SpanStatusCode.ERROR }).end(this.#toWallClock(performance.now()));
  }

  #start(name: string, start: number, context: Context, attributes?: Attributes): Span {
    return this.#tracer.startSpan(name, { startTime: this.#toWallClock(start), attributes }, context);
  }

  #stage(name: string, start: number, end: number, context: Context): void {
    this.#start(name, start, context).end(this.#toWallClock(end));
  }
}

/** From `performance.now()` to milliseconds since 1970, the same for all spans of a request whatever happens to the clock. */
function wallClock(): (time: number) => number {
  const offset = Date.now() - performance.now();
  return (time) => time + offset;
}
