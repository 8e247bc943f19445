import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { loadZstd, wasmZstd } from './codecs.ts';

const TEXT = Buffer.from(JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ n: i, app: 'okta' }))));

test('what zstd compresses it gives back, as kafkajs uses it', async () => {
  await loadZstd();
  const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD]() as {
    compress(encoder: { buffer: Buffer }): Promise<Buffer>;
    decompress(bytes: Buffer): Promise<Buffer>;
  };
  const compressed = await codec.compress({ buffer: TEXT });
  expect(compressed.length).toBeLessThan(TEXT.length / 4);
  expect((await codec.decompress(compressed)).equals(TEXT)).toBe(true);
});

test('zstd in WebAssembly is right beside another user of the same package in this process', async () => {
  const { init, compress, decompress } = await import('@bokuweb/zstd-wasm');
  const zstd = await wasmZstd();
  await init();
  const compressed = await zstd.compress(TEXT);
  expect(Buffer.from(decompress(compressed)).equals(TEXT)).toBe(true);
  expect((await zstd.decompress(Buffer.from(compress(TEXT, 3)))).equals(TEXT)).toBe(true);
});

test('what is no zstd is refused', async () => {
  const zstd = await wasmZstd();
  await expect(zstd.decompress(Buffer.from('not zstd at all'))).rejects.toThrow();
});
