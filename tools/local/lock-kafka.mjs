/**
 * Writes kafka.lock.json anew from Maven's own resolution. Needed only to move to another Kafka version:
 *   node tools/local/lock-kafka.mjs 4.3.1      (needs `mvn` and the network)
 * log4j-slf4j-impl is what Kafka's own distribution adds so that the broker's log lines are written at all.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';

const version = process.argv[2];
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  console.error('usage: node tools/local/lock-kafka.mjs <kafka version>');
  process.exit(1);
}

const roots = [
  ['org.apache.kafka', 'kafka_2.13', version],
  ['org.apache.kafka', 'kafka-tools', version],
  ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4'],
];
const dependency = ([group, artifact, wanted]) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`;

const folder = mkdtempSync(join(tmpdir(), 'kafka-lock-'));
try {
  writeFileSync(join(folder, 'pom.xml'), `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>lifeos</groupId><artifactId>kafka-lock</artifactId><version>1</version>
<dependencies>${roots.map(dependency).join('')}</dependencies></project>`);
  execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime',
    '-DoutputDirectory=jars', '-Dmdep.useRepositoryLayout=true'], { cwd: folder, stdio: 'inherit' });

  const artifacts = readdirSync(join(folder, 'jars'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jar'))
    .map((entry) => describe(join(entry.parentPath ?? entry.path, entry.name)))
    .sort((a, b) => (a.coordinates < b.coordinates ? -1 : 1));
  writeFileSync(new URL('kafka.lock.json', import.meta.url), `${JSON.stringify({ version, artifacts }, null, 2)}\n`);
  console.log(`kafka.lock.json: Kafka ${version}, ${artifacts.length} jars`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function describe(file) {
  const parts = dirname(relative(join(folder, 'jars'), file)).split(sep);
  const artifactVersion = parts.pop();
  const artifact = parts.pop();
  const classifier = basename(file, '.jar').slice(`${artifact}-${artifactVersion}`.length + 1);
  const coordinates = [parts.join('.'), artifact, ...(classifier ? ['jar', classifier] : []), artifactVersion].join(':');
  return { coordinates, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}
