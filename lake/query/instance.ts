import { DuckDBInstance } from '@duckdb/node-api';
import { globEscape, literal } from '../delta/scan.ts';

/** DuckDB in memory, which reads files below `folders` and nothing else, and whose settings cannot be changed. */
export async function openInstance(scratch: string, folders: readonly string[], memoryMb: number, threads: number) {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: scratch,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  // DuckDB compares a file's name both as the pattern that it was given as and as the name that was found.
  const allowed = folders.flatMap((folder) => [`${folder}/`, globEscape(`${folder}/`)]).map(literal);
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  // The page cache of the system holds the files already: a second copy only costs memory.
  await connection.run('SET GLOBAL enable_external_file_cache = false');
  // Files never change under a name, so that their footers need reading once.
  await connection.run('SET GLOBAL parquet_metadata_cache = true');
  await connection.run(`SET GLOBAL allowed_directories = [${allowed.join(', ')}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  await connection.run('SET GLOBAL lock_configuration = true');
  connection.closeSync();
  return instance;
}
