import { expect, test } from 'vitest';
import { loadWasmZstd, loadZstd } from './index.ts';

const TEXT = Buffer.from(JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ n: i, app: 'okta' }))));

test('zstd in WebAssembly gives back what it compressed, however often it is loaded, at once or in between', async () => {
  const [one, other] = await Promise.all([loadWasmZstd(), loadWasmZstd()]);
  const before = Buffer.from(one.compress(TEXT, 2));
  const third = await loadWasmZstd();
  for (const { compress, decompress } of [one, other, third]) {
    expect(Buffer.from(decompress(before)).equals(TEXT)).toBe(true);
    const compressed = Buffer.from(compress(TEXT, 2));
    expect(compressed.length).toBeLessThan(TEXT.length / 4);
    expect(Buffer.from(third.decompress(compressed)).equals(TEXT)).toBe(true);
  }
});

test('two codecs of one process compress what zstd can read', async () => {
  const codecs = [await loadZstd(), await loadZstd()];
  const { decompress } = await loadWasmZstd();
  for (const { compress } of codecs) expect(Buffer.from(decompress(compress(TEXT))).equals(TEXT)).toBe(true);
});
