import { type Log } from '../log.js';
import { type Artifact, type Download, fetchArtifact } from './fetch-artifact.js';

const atOnce = 8;
const linesEveryMs = 1_000;

/** The paths of all artifacts, in the order given; several are fetched at a time, progress at most once a second. */
export async function fetchAll(
  artifacts: readonly Artifact[],
  to: { readonly folder: string; readonly what: string; readonly log: Log; readonly download?: Download },
): Promise<string[]> {
  const paths = new Array<string>(artifacts.length);
  const queue = artifacts.entries();
  const progress = progressOf(artifacts.length, to);
  const worker = async (): Promise<void> => {
    for (const [index, artifact] of queue) {
      paths[index] = await fetchArtifact(artifact, to.folder, to.download);
      progress();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return paths;
}

function progressOf(total: number, { what, log }: { readonly what: string; readonly log: Log }): () => void {
  let done = 0;
  let lastLine = Date.now();
  return () => {
    done += 1;
    if (Date.now() - lastLine < linesEveryMs) return;
    lastLine = Date.now();
    log(`fetching ${what}: ${done} of ${total} files`);
  };
}
