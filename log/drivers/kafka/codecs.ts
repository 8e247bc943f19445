import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as zlib from 'node:zlib';
import kafkajs from 'kafkajs';

/** Level 1 takes half of level 3's time, and JSON shrinks to nearly the same. */
const LEVEL = 1;
/** A frame that does not tell its size (Java's streaming writer leaves it out) is tried with more and more room. */
const ROOM_BYTES_MIN = 4 * 1024 * 1024;
const ROOM_BYTES_MAX = 512 * 1024 * 1024;

interface Zstd {
  compress(bytes: Buffer): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Members of node:zlib that Node 20 lacks and its types do not know. */
type Callback = (error: Error | null, result: Buffer) => void;
interface NativeZstd {
  readonly zstdCompress?: (bytes: Uint8Array, options: object, callback: Callback) => void;
  readonly zstdDecompress?: (bytes: Uint8Array, callback: Callback) => void;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}

let loading: Promise<void> | undefined;

/** Gives kafkajs its codec of zstd, once per process: Node's own off this thread (22.15 and later), else WebAssembly. */
export function loadZstd(): Promise<void> {
  loading ??= (async () => {
    const zstd = nativeZstd() ?? (await wasmZstd());
    kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
      compress: ({ buffer }: { readonly buffer: Buffer }) => zstd.compress(buffer),
      decompress: zstd.decompress,
    });
  })();
  return loading;
}

function nativeZstd(): Zstd | null {
  const { zstdCompress, zstdDecompress, constants } = zlib as unknown as NativeZstd;
  if (zstdCompress === undefined || zstdDecompress === undefined) return null;
  const options = { params: { [constants.ZSTD_c_compressionLevel ?? 100]: LEVEL } };
  const settle =
    (resolve: (result: Buffer) => void, reject: (error: Error) => void): Callback =>
    (error, result) =>
      error === null ? resolve(result) : reject(error);
  return {
    compress: (bytes) => new Promise((resolve, reject) => zstdCompress(bytes, options, settle(resolve, reject))),
    decompress: (bytes) => new Promise((resolve, reject) => zstdDecompress(bytes, settle(resolve, reject))),
  };
}

/** Exported for the tests, which run on newer Nodes too. */
export async function wasmZstd(): Promise<Zstd> {
  // Node would give an incomplete package to whoever imports it first after the copy was made.
  await import('@bokuweb/zstd-wasm');
  const { init, compress, decompress } = ownCopy();
  await init();
  const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    compress: async (bytes) => asBuffer(compress(bytes, LEVEL)),
    async decompress(bytes) {
      for (let room = Math.max(ROOM_BYTES_MIN, bytes.length * 8); ; room *= 4) {
        try {
          return asBuffer(decompress(bytes, { defaultHeapSize: room }));
        } catch (error) {
          if (room >= ROOM_BYTES_MAX) throw error;
        }
      }
    },
  };
}

/**
 * An instance of the package that nobody else has. Its init() may run once: a second one, by the lake for its files,
 * gives new memory to functions that go on with the old one, and what they compress is garbage to both.
 */
function ownCopy(): typeof import('@bokuweb/zstd-wasm') {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@bokuweb/zstd-wasm');
  const folder = dirname(entry);
  const take = () => {
    const paths = Object.keys(require.cache).filter((path) => path.startsWith(folder));
    const modules = paths.map((path) => [path, require.cache[path]] as const);
    for (const path of paths) delete require.cache[path];
    return modules;
  };
  const others = take();
  const own = require(entry);
  take();
  for (const [path, module] of others) require.cache[path] = module;
  return own;
}
