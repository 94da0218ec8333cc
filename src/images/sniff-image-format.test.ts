import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sniffImageFormat } from './sniff-image-format.ts';

const bytes = (latin1: string) => Uint8Array.from(latin1, (character) => character.charCodeAt(0));

describe('sniffImageFormat', () => {
  test.each([
    ['\x89PNG\r\n\x1a\n', 'PNG'],
    ['\xff\xd8\xff\xe0', 'JPEG'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'WebP'],
    ['GIF87a', 'GIF'],
    ['GIF89a', 'GIF'],
    ['II*\0', 'TIFF'],
    ['MM\0*', 'TIFF'],
    ['\0\0\0\x14ftypavif\0\0\0\0mif1', 'AVIF'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'AVIF'],
  ])('%j can be read as %s', (head, name) => {
    expect(sniffImageFormat(bytes(head))).toEqual({ readable: name, name });
  });

  test.each([
    ['BM6\0', 'BMP'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'HEIC'],
    ['%PDF-1.4', 'PDF'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'SVG'],
    ['\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg>', 'SVG'],
    ['<\0s\0v\0g\0>\0', 'SVG'],
    ['<!DOCTYPE html>', 'HTML'],
    ['<?xml version="1.0"?><note/>', 'XML'],
    ['PK\x03\x04', 'ZIP'],
    ['data:image/png;base64,', 'base64 text'],
  ])('%j cannot, and is named %s', (head, name) => {
    expect(sniffImageFormat(bytes(head))).toEqual({ readable: undefined, name });
  });

  test.each(['', 'R', 'RIFF\x10\0\0\0WAVE', 'hello', '\0\0\0\xffftypavi'])('%j is nothing known', (head) => {
    expect(sniffImageFormat(bytes(head))).toEqual({ readable: undefined, name: undefined });
  });

  test('a brand beyond the end of its box does not count', () => {
    const head = bytes('\0\0\0\x10ftypisom\0\0\0\0avif');
    expect(sniffImageFormat(head).readable).toBeUndefined();
  });

  test('any bytes are told without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (data) => sniffImageFormat(data) !== undefined));
  });
});
