import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Native, or made by another program: everything else is bundled, because one file loads faster than hundreds. */
const EXTERNAL = ['electron', 'better-sqlite3'];

export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      // The four builds share one folder; scripts/build.mjs empties it first.
      emptyOutDir: false,
      externalizeDeps: false,
      minify: true,
      chunkSizeWarningLimit: 4000,
      rollupOptions: {
        input: { main: at('./src/main/index.ts'), cli: at('./src/cli/index.ts') },
        external: EXTERNAL,
        output: {
          format: 'es',
          entryFileNames: '[name]/index.js',
          // Beside cli/ and main/, so that `../renderer` means the same in every chunk.
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('./src/preload/index.ts') },
        external: ['electron'],
        // A sandboxed preload cannot load an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('./src/renderer'),
    plugins: [react()],
    build: {
      outDir: at('./out/renderer'),
      emptyOutDir: true,
      minify: true,
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: { index: at('./src/renderer/index.html') } },
    },
  },
});
