/**
 * Fetches a Java in a process of its own: `node fetch-java.mjs <major> <path>`; it ends in the folder `jre` beside the path.
 * njre keeps its download under one fixed name in the folder for temporary files, where two at a time spoil each other's.
 */
import njre from 'njre';

const [major, path] = process.argv.slice(2);
try {
  await njre.install(Number(major), { installPath: path });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
