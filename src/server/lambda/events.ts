/** An event of API Gateway (v1, v2), a function URL or an ALB, as far as it is looked at here. */
export interface HttpEvent {
  readonly httpMethod?: string;
  readonly path?: string;
  readonly rawPath?: string;
  readonly requestContext: {
    readonly stage?: string;
    readonly path?: string;
    readonly http?: { readonly method?: string };
  };
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** A direct invocation, in the two forms of the FSDL Text Recognizer: the image itself as a data URL, or its address. */
export type DirectEvent = Readonly<Record<string, unknown>>;

export function isHttpEvent(event: object): event is HttpEvent {
  const { httpMethod, requestContext } = event as Partial<HttpEvent>;
  if (typeof requestContext !== 'object' || requestContext === null) return false;
  return typeof (httpMethod ?? requestContext.http?.method) === 'string';
}

export function isDirectEvent(event: object): event is DirectEvent {
  return !('requestContext' in event) && ('image' in event || 'image_url' in event);
}

/** The event as the service understands it: without the stage in its path, and with the bytes of its body as base64. */
export function plainEvent(event: HttpEvent): HttpEvent {
  const path = pathWithoutStage(event);
  const isBase64 =
    event.isBase64Encoded || (isBinary(event) && /^[A-Za-z0-9+/\s]{64,}={0,2}\s*$/.test(event.body ?? ''));
  return { ...event, isBase64Encoded: isBase64, ...(event.rawPath === undefined ? { path } : { rawPath: path }) };
}

/** Whether the body was an image and is not any more: read as text, its bytes became U+FFFD. */
export function lostItsBytes(event: HttpEvent): boolean {
  return !event.isBase64Encoded && isBinary(event) && (event.body ?? '').includes('\ufffd');
}

/** HTTP APIs put a named stage before the path; REST APIs only into the path of the context. */
function pathWithoutStage({ rawPath, path = rawPath ?? '/', requestContext }: HttpEvent): string {
  const stage = `/${requestContext.stage ?? '$default'}`;
  const isLeftOut = requestContext.path === stage + path;
  const begins = path === stage || path.startsWith(`${stage}/`);
  return begins && !isLeftOut ? path.slice(stage.length) || '/' : path;
}

function isBinary({ headers }: HttpEvent): boolean {
  const [, type = ''] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return /^\s*(image\/|application\/octet-stream|multipart\/form-data)/i.test(type);
}
