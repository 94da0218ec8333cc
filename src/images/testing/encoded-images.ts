/** Small encoded images made with Pillow 12.3, in base64: an encoder other than the one under test. */
export const ENCODED = {
  /** 3 × 2, gray: 0 50 100 / 150 200 255. */
  grayPng: 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR42mNkMDJimHbiPwAGhwLDBbW8IwAAAABJRU5ErkJggg==',
  /** The same in 16 bits, each value times 257. */
  png16: 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR42mNkYDAyMjJimDbtxIn//wEWbwWE5RIjAAAAAABJRU5ErkJggg==',
  /** 3 × 2, palette: red green blue / blue green red. */
  palettePng:
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAACVBMVEX/AAAA/wAAAP8tSs2KAAAADElEQVR4nGOQYJgAAADcAKls58AjAAAAAElFTkSuQmCC',
  /** 3 × 2, 1 bit: 0 1 0 / 1 1 0. */
  bilevelPng: 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR42mNwYDgAAAGEAQE0gkP8AAAAAElFTkSuQmCC',
  /** The same as TIFF with CCITT group 4. */
  bilevelTiff:
    'SUkqAA4AAAAJVgAgAgAJAAABAwABAAAAAwAAAAEBAwABAAAAAgAAAAIBAwABAAAAAQAAAAMBAwABAAAABAAAAAYBAwABAAAAAQAAABEBBAABAAAACAAAABYBAwABAAAAAgAAABcBBAABAAAABQAAABwBAwABAAAAAQAAAAAAAAA=',
  /** Stored 16 × 8, left half black, right half white; EXIF orientation 6: upright it is 8 × 16, black above white. */
  exif6Jpeg:
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APyqr+qiv//Z',
  /** CMYK 16 × 8 by K alone (left half K = 255, right half K = 0): left half black, right half white. */
  cmykJpeg:
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9U6/VOv1Tr8qqKKK/qor/2Q==',
  /** 2 × 2, two frames: all 40, then all 220. */
  animatedGif:
    'R0lGODlhAgACAIEAACgoKAAAAAAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAAAgACAAAIBgABCAQQEAAh+QQBCgABACwAAAAAAgACAIHc3NwAAAAAAAAAAAAIBgABCAQQEAA7',
  /** The same two frames as lossless WebP. */
  animatedWebp:
    'UklGRogAAABXRUJQVlA4WAoAAAACAAAAAQAAAQAAQU5JTQYAAAAAAAAAAABBTk1GKgAAAAAAAAAAAAEAAAEAAGQAAAJWUDhMEQAAAC8BQAAAB1CUohSl/4GI6H8AAEFOTUYqAAAAAAAAAAAAAQAAAQAAZAAAAFZQOEwRAAAALwFAAAAHUO5yl7v/gYjofwAA',
  /** 4 × 1 RGBA, black ink of alpha 0 255 128 0. */
  blackInkPng:
    'iVBORw0KGgoAAAANSUhEUgAAAAQAAAABCAYAAAD5PA/NAAAAFElEQVR42mNmgID/DAwMjAwMDAcACgABxFQCsIEAAAAASUVORK5CYII=',
  /** The same alpha, white ink. */
  whiteInkPng:
    'iVBORw0KGgoAAAANSUhEUgAAAAQAAAABCAYAAAD5PA/NAAAAFUlEQVR42mP4//8/w38IaPj//z8DAHccDXSeljMmAAAAAElFTkSuQmCC',
  /** 8 × 8 RGB, all 90. */
  avif: 'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJAAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAACAAAAAgAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAALG1kYXQSAAoIGAi/aICGg0IyFhIH9/apAIIIPkAAAP9cCJ4a+VXYF0A=',
  /** 3 × 2 of 24 bits: red green blue / blue green red. */
  bmp24: 'Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAA/wAAAP8AAAD/AAAAAAD/AP8A/wAAAAAA',
  /** The same with a palette. */
  bmp8: 'Qk1KAAAAAAAAAEIAAAAoAAAAAwAAAAIAAAABAAgAAAAAAAgAAADEDgAAxA4AAAMAAAADAAAAAP8AAAAA/wD/AAAAAgABAAEAAgA=',
  /** 3 × 2 of 1 bit: 0 1 0 / 1 1 0. */
  bmp1: 'Qk1GAAAAAAAAAD4AAAAoAAAAAwAAAAIAAAABAAEAAAAAAAgAAADEDgAAxA4AAAIAAAACAAAAAAAAAP///wDAAAAAQAAAAA==',
  /** 64 × 32, the left half 40, the right half 220; made with heif-enc of libheif 1.15. */
  heic: 'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAIAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAdwACAAEAAAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAAALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFlurkprm4EBAwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAQAAAACAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwACAAEAAQAAAH9tZGF0AAAAcygBrxOA+FDQp///SJ1wE4/3G4EijCV3AHkuBEQN7AXOSlGcF6+JLgKE4iAtMPwBWFN0BFoGjP1MN6Uj8plVGITPpSCW7l7qBrwucXRkbMo84Y4thvw9ebXA5cqfoTyWe5ux12Gv61vernxPfpBpF+YSvTA=',
} as const;

/** The bytes of one of the images above. */
export function encoded(name: keyof typeof ENCODED): Uint8Array {
  return Uint8Array.from(Buffer.from(ENCODED[name], 'base64'));
}

/** A PNG whose header claims 30,000 × 30,000 gray pixels (900 million) and whose data holds 100. */
export function pngClaiming30000Square(): Uint8Array {
  const hex =
    '89504e470d0a1a0a0000000d4948445200007530000075300800000000434ca766' +
    '0000000c49444154789c6360a03d00000064000186643c350000000049454e44ae426082';
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** A PNG of nothing but the given header (13 bytes: width, height, depth, colour type, 0, 0, interlace) and an empty IDAT. */
export function pngHeader(header: readonly number[]): Uint8Array {
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Uint8Array.of(...signature, ...pngChunk('IHDR', header), ...pngChunk('IDAT', []), ...pngChunk('IEND', []));
}

/** A chunk of a PNG with its length and checksum. */
export function pngChunk(type: string, data: ArrayLike<number>): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(Buffer.from(type, 'latin1'), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** The checksum of ISO 3309, bit by bit. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
