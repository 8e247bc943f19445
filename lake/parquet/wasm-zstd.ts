/** zstd in WebAssembly, for Node before 22.15. */
export type WasmZstd = Pick<typeof import('@bokuweb/zstd-wasm'), 'compress' | 'decompress'>;

let loading: Promise<WasmZstd> | undefined;

/**
 * The package's own instance of this thread, made ready once: a second init() gives new memory to functions that go on
 * with the old one, and what they compress from then on is garbage. Nobody else here may call init().
 */
export function loadWasmZstd(): Promise<WasmZstd> {
  loading ??= (async () => {
    const { init, compress, decompress } = await import('@bokuweb/zstd-wasm');
    await init();
    return { compress, decompress };
  })();
  return loading;
}
