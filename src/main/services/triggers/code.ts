import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzip } from '../../kernel/zip.ts';
import type { FunctionRecord } from '../../store/repositories/functions.ts';

/** Where a function's module lies, and the name of its handler in it. */
export interface Module {
  readonly file: string;
  readonly handlerPath: string;
  /** A folder of its own that goes when the code is not needed any more. */
  readonly folder: string | undefined;
}

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** Folders for the code of functions that are no files yet; all of them go when the bench stops. */
export class CodeFolders {
  #root: string | undefined;
  #made = 0;

  unpack(record: FunctionRecord, archive: () => Uint8Array | undefined): Module {
    if (record.kind === 'file') return { file: record.target, handlerPath: 'handler', folder: undefined };
    this.#root ??= mkdtempSync(join(tmpdir(), 'poolbench-functions-'));
    const folder = join(this.#root, String((this.#made += 1)));
    mkdirSync(folder, { recursive: true });
    if (record.kind === 'source') {
      const file = join(folder, 'index.js');
      // Its own package file, so that none of a folder above decides what kind of module it is.
      writeFileSync(join(folder, 'package.json'), '{}');
      writeFileSync(file, record.target);
      return { file, handlerPath: 'handler', folder };
    }
    const entries = unzip(archive() ?? new Uint8Array());
    for (const { path, bytes } of entries) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    const { module, handlerPath } = splitHandler(record.settings.Handler ?? 'index.handler');
    const paths = new Set(entries.map(({ path }) => path));
    const extension = EXTENSIONS.find((candidate) => paths.has(module + candidate)) ?? '.js';
    return { file: join(folder, module + extension), handlerPath, folder };
  }

  drop({ folder }: Module): void {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }

  stop(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true });
    this.#root = undefined;
  }
}

/** `src/index.api.handler` is `api.handler` of `src/index`. */
export function splitHandler(handler: string): { module: string; handlerPath: string } {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  if (dot < 0) return { module: handler, handlerPath: 'handler' };
  return { module: handler.slice(0, dot), handlerPath: handler.slice(dot + 1) };
}

/** Changes when a file is saved. */
export function fileStamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs}:${found.size}:${found.ino}` : 'gone';
}
