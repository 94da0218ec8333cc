import type { S3Client } from '@aws-sdk/client-s3';
import { TextRecognizerError } from '../../errors.ts';
import { optionalPackage } from '../../files/optional-package.ts';
import type { RunStore } from './run-store.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** S3, or a service like it that has conditional writes (`If-None-Match`); keys and region are where the AWS SDK looks for them. */
export class S3Store implements RunStore {
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  /** Ends with `/` unless it is empty. */
  readonly #prefix: string;

  private constructor(sdk: Sdk, bucket: string, prefix: string) {
    this.#sdk = sdk;
    this.#client = new sdk.S3Client({});
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /** Of `s3://BUCKET/PREFIX`; throws INVALID_ARGUMENT, or PACKAGE_MISSING. */
  static async open(place: string): Promise<S3Store> {
    const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(place) ?? [];
    if (bucket === undefined) {
      throw new TextRecognizerError('INVALID_ARGUMENT', `'${place}' is not a location in S3; give s3://BUCKET/PREFIX.`);
    }
    const prefix = path.replace(/\/+$/, '');
    const sdk = await optionalPackage('Locations in S3', '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
    return new S3Store(sdk, bucket, prefix === '' ? '' : `${prefix}/`);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const { GetObjectCommand } = this.#sdk;
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#object(name)));
      return await Body!.transformToByteArray();
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw this.#unavailable(name, error);
    }
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    await this.#put(name, content, {});
  }

  async create(name: string, content: Uint8Array): Promise<boolean> {
    return await this.#put(name, content, { IfNoneMatch: '*' });
  }

  async list(prefix: string): Promise<string[]> {
    const names: string[] = [];
    try {
      const input = { Bucket: this.#bucket, Prefix: this.#prefix + prefix };
      for await (const { Contents = [] } of this.#sdk.paginateListObjectsV2({ client: this.#client }, input)) {
        for (const { Key } of Contents) if (Key !== undefined) names.push(Key.slice(this.#prefix.length));
      }
    } catch (error) {
      throw this.#unavailable(prefix, error);
    }
    return names;
  }

  async remove(names: readonly string[]): Promise<void> {
    const { DeleteObjectCommand } = this.#sdk;
    for (const name of names) {
      try {
        await this.#client.send(new DeleteObjectCommand(this.#object(name)));
      } catch (error) {
        throw this.#unavailable(name, error);
      }
    }
  }

  /** False where the condition does not hold. */
  async #put(name: string, content: Uint8Array, condition: { IfNoneMatch?: string }): Promise<boolean> {
    const { PutObjectCommand } = this.#sdk;
    try {
      await this.#client.send(new PutObjectCommand({ ...this.#object(name), Body: content, ...condition }));
      return true;
    } catch (error) {
      if ((error as Error).name === 'PreconditionFailed') return false;
      throw this.#unavailable(name, error);
    }
  }

  #object(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + name };
  }

  #unavailable(name: string, error: unknown): TextRecognizerError {
    const { message, name: kind } = error as Error;
    return new TextRecognizerError(
      'STORE_UNAVAILABLE',
      `s3://${this.#bucket}/${this.#prefix}${name}: ${kind}: ${message}. Check the bucket, AWS_REGION, the keys and AWS_ENDPOINT_URL.`,
      { cause: error },
    );
  }
}
