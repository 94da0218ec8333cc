/** The package has no types of its own. */
declare module 'heic-decode' {
  interface HeicPicture {
    readonly width: number;
    readonly height: number;
    /** RGBA. */
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;
  }
  const decode: { all(options: { readonly buffer: Uint8Array }): Promise<readonly HeicPicture[]> };
  export default decode;
}
