import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // The page's policy forbids inline fonts and scripts, so everything is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
