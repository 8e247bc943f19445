import * as zlib from 'node:zlib';
import { CODEC, type Codec, type Compress } from './format.ts';
import { loadWasmZstd } from './wasm-zstd.ts';

/** zstd's own default, and Spark's: beyond it the time grows faster than files shrink. */
const LEVEL = 3;

/** In WebAssembly level 2 takes two thirds of level 3's time for the table `events`, and its files are no larger. */
const WASM_LEVEL = 2;

/** Members of node:zlib that Node 20 lacks and its types do not know. */
interface NativeZstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: { params: Record<number, number> }) => Uint8Array;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}

/** zstd: Node's own at level 3 where it has one (22.15 and later), else WebAssembly at level 2, loaded once per thread. */
export async function loadZstd(): Promise<Codec> {
  return { id: CODEC.zstd, compress: nativeZstd() ?? (await wasmZstd()) };
}

function nativeZstd(): Compress | null {
  const { zstdCompressSync, constants } = zlib as unknown as NativeZstd;
  if (zstdCompressSync === undefined) return null;
  const options = { params: { [constants.ZSTD_c_compressionLevel ?? 100]: LEVEL } };
  return (bytes) => zstdCompressSync(bytes, options);
}

async function wasmZstd(): Promise<Compress> {
  const { compress } = await loadWasmZstd();
  return (bytes) => compress(bytes, WASM_LEVEL);
}
