import { inflateSync } from 'node:zlib';
import type { GrayImage } from '../gray-image.ts';

/** Four images of EMNIST ByClass (NIST, public domain), 28 × 28, deflated, in base64. */
const DEFLATED = {
  G: 'eNq1kj9PwkAYxik9Q2Uy2nZwMJR4YTExSpwddDWNyF4/gJqokzG1GuPm4Ogkgw4GMbgav4GgGyHXAItRKRoXtIZr79UW/6SIK89wN/zey/s8Ty4U6rl4CcdE7h8wiBPpbPn6SOkikVGjRCwHWHMV/SGyVngCRt9qpLTEd+6Jq/mmC3atuG/o0+EgQjP5igNOZTsZ60eoAwnqFQWnfqZG/5rgZM10mJ1fkPkug0qmzqB6MsojT+3j1ydabwLUN8c5cdkwdG3dMIy1JB5sMynnwuuu3Beev6e09WJT6gUpbQg+ixWAmSoKobU3AGDgi76fij7DBBqL3hTSWwAfAK73sPV4OPTNSMK7w3PXFgVonO97a+dl7ofhdm3x1MGzkxmJot/4uAy1qa9k/JjJikqgaSnrvF+kExgrw5N7z1CdEAI1qyZzLELIzWXFBribHQj2cvzKfHP2i2eF3Y4JwT6VraLVoq4fzH3QIp2NCvGUvpMrE1LOrYhdfYdRn4Q9SajHn/UTVky+9Q==',
  '3': 'eNpjYKAUcIhKqgKBKBO6BCO7Xu2aHddv3ry+yhFdUsTn3NdfP3/9+vPvRxcnmpxC/vufL+/dvPnq+5816KYKOc7pDDJW1Sja//e6KguaRiYBDqByltJz/zDlIEB0zUtMM6FA6czX3z2cWKU4E179+VWP1Uj2qNt///+epCLKjCHFLL37z5/fP1+eWeXHjkXfiTU9jRu//jqpgCHHqFgQZKyecPf7dVUsNjIDnS84+/FNVezRwex/B7s+oLkq63//XiWK1YfKi799ve2P4glGRgilHH37z+3FiihxbmUICkR2/SW3/9yNVmZEjgTfrRWcrKJK8ee//3lezYUsxcBS/WRfY+OaM6/+vDgfL4Lm7twHT27efPn11+f19UrogSkSPx+UjtYUK3FhiQIRcPpjYaAGAAArbXlY',
  R: 'eNpjYKADYAECJizizBwKRkX19bVBSuyoEmwC3P51p+99/fXr58tTfszIUpyRc/vufPkHAb/XKyFJsUfd/v0bKPr/35933/78+1zMgpDTO//3338Q+Humetalv3/WiCJcEfziH1TuaPXCS3//nVaAyymt/w2R+v/vx7tff/79u64Kd0jdF6BN/35Bwe9fn+eJQKVYrS8CnfH3bm9jPQh0z28oVGSEyuke/gmUe5XAzQoKFRYOAVa4K8Vavv778f7vTXUsIZj34t+3pcUv7jmwM6LLia3583u9isSab+f9JdBCmT3+xb87/sys9T9/750QJAaxCWqAwqm/X+q5GJh8b/398+vFmmJjVVVVQxeIF1Su/LrlDwx2xcVfgYH88kwPyBdzHMGmC1XM9ecAGaO8+AsotMG+/17HCtbIIQCJLEbFutUv/kKC9c8qETQXc4jFn3r5E6Tv5woRDL+yKwXVgu1zwpZmmCChxkSjpAoAzPrOpg==',
  i: 'eNpjYCABMDPhlBI5PosZl5zxrycCOKRYW/6eYcEhp/rjZz0uI41+vwjCIcUU8LueA6czjyri9AKjAisDdQGjtz0uKSbfr6dxeZy1/i9OOf0LL4JxSLGc+tvDiUNO7OW/WhxGctT/+6KHQ5vC6T8b2XHIhbz8WYvLtjv/LuAyMvj3v24cruS48P+XES6XfP33QhSX3NWrlTjjgIWFiZQoAwCHbTAS',
} as const;

export const EMNIST_NAMES = Object.keys(DEFLATED) as readonly (keyof typeof DEFLATED)[];

/** One of four images of EMNIST, white ink on black. */
export function emnistImage(name: keyof typeof DEFLATED): GrayImage {
  return { width: 28, height: 28, data: new Uint8Array(inflateSync(Buffer.from(DEFLATED[name], 'base64'))) };
}
