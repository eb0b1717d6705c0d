import { pascal } from './names.js';
import { serviceFiles } from './service-files.js';
import { create, edit, type Workspace } from './workspace.js';

export interface ServiceOptions {
  readonly name: string;
  readonly doc: string;
}

/** A service that starts, migrates and serves, and its place in everything that lists services. Afterwards: npm install. */
export function serviceGenerator(workspace: Workspace, { name, doc }: ServiceOptions): void {
  for (const [path, text] of Object.entries(serviceFiles({ name, doc, className: pascal(name) }))) create(workspace, `apps/${name}/${path}`, text);
  edit(workspace, 'tsconfig.json', (text) => text.replace(/(\n {4}\{\n {6}"path": "apps\/analytics"\n {4}\})/, `$1,\n    {\n      "path": "apps/${name}"\n    }`));
  edit(workspace, 'tools/cli/src/release/services.ts', (text) => text.replace(/(export const services = \[[^\]]*)\]/, `$1, '${name}']`));
  const port = 1 + Math.max(...ports(workspace.read(launcherPorts, 'utf8') ?? ''));
  edit(workspace, launcherPorts, (text) => text.replace(/(\n {2}\w+: 30\d\d,)(?=\n {2}postgres:)/, `$1\n  ${name}: ${port},`));
  edit(workspace, 'docker-compose.yml', (text) => composed(text, name, port));
}

const launcherPorts = 'tools/launcher/src/ports.ts';
const ports = (text: string): number[] => [...text.matchAll(/: (30\d\d),/g)].map(([, port]) => Number(port));

function composed(text: string, name: string, port: number): string {
  const upper = name.toUpperCase();
  return text
    .replace(/(SERVICES: registry .*)/, `$1 ${name}`)
    .replace(/(command: \["migrate", [^\]]*)\]/, `$1, "${name}"]`)
    .replace(/((?: {6}DATABASE_URL_\w+: .*\n)+)/, `$1      DATABASE_URL_${upper}: ${databaseUrl(name)}\n`)
    .replace(/\nvolumes:\n/, `
  ${name}:
    build: { context: ., target: service, args: { SERVICE: ${name} } }
    environment:
      <<: *service-environment
      DATABASE_URL: ${databaseUrl(name)}
    volumes: [public-key:/keys/public:ro]
    ports: ["127.0.0.1:\${${upper}_PORT:-${port}}:3000"]
    stop_grace_period: 20s
    depends_on: *released

volumes:
`);
}

const databaseUrl = (name: string): string => `postgres://${name}:` + '${SERVICE_DB_PASSWORD:-lifeos}' + `@postgres:5432/${name}`;
