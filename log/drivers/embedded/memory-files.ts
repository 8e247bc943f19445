import type { Files, LogFile } from './files.ts';

/** Files that live as long as the process: for a log that a test suite throws away. */
export function createMemoryFiles(): Files {
  const files = new Map<string, LogFile>();
  return {
    names: () => [...files.keys()],
    open: (name) => files.get(name) ?? null,
    create(name) {
      if (files.has(name)) throw new Error(`${name} exists`);
      const file = createMemoryFile();
      files.set(name, file);
      return file;
    },
    rename(from, to) {
      const file = files.get(from);
      if (file === undefined) throw new Error(`there is no ${from}`);
      files.delete(from);
      files.set(to, file);
    },
    remove: (name) => {
      files.delete(name);
    },
    sync: () => {},
  };
}

function createMemoryFile(): LogFile {
  let bytes = Buffer.alloc(0);
  let size = 0;
  return {
    size: () => size,
    read(into, at) {
      return bytes.copy(into, 0, at, Math.max(at, Math.min(size, at + into.length)));
    },
    write(parts, at) {
      const end = parts.reduce((sum, part) => sum + part.length, at);
      if (end > bytes.length) {
        const larger = Buffer.alloc(Math.max(end, bytes.length * 2));
        bytes.copy(larger, 0, 0, size);
        bytes = larger;
      }
      let position = at;
      for (const part of parts) position += part.copy(bytes, position);
      size = Math.max(size, end);
    },
    sync: () => {},
    truncate(to) {
      bytes.fill(0, Math.min(to, size), size);
      size = Math.min(size, to);
    },
    close: () => {},
  };
}
