import { jsonText } from './workspace.js';

interface ServiceNames {
  readonly name: string;
  readonly className: string;
  readonly doc: string;
}

const libs = ['contracts', 'events', 'postgres', 'event-log', 'delivery', 'kafka', 'service'];

/** Texts by path below `apps/<name>`. The container's image is the one of all services: Dockerfile, target service. */
export function serviceFiles({ name, className, doc }: ServiceNames): Record<string, string> {
  return {
    'package.json': packageText(name),
    'tsconfig.json': tsconfigText(),
    'README.md': `# ${name}\n\n${doc}\n\n| | |\n|---|---|\n| answers | nothing yet |\n| hears | nothing yet |\n`,
    [`migrations/0001_${name}.sql`]: `-- Tables of ${name} alone. A released migration never changes: add a file.\nCREATE TABLE ${name}_people (user_id bigint PRIMARY KEY);\n`,
    'consumers.json': jsonText({ service: name, group: name, handlers: [] }),
    'src/main.ts': `import { startService } from '@lifeos/service';\nimport { ${name} } from './${name}.module.js';\n\nawait startService(${name});\n`,
    [`src/${name}.module.ts`]: moduleText(name, className),
    [`src/${name}.int.spec.ts`]: testText(name),
  };
}

function packageText(name: string): string {
  return jsonText({
    name: `@lifeos/${name}`,
    version: '0.1.0',
    private: true,
    license: 'MIT',
    type: 'module',
    dependencies: {
      ...Object.fromEntries(libs.map((lib) => [`@lifeos/${lib}`, '0.1.0'])),
      '@nestjs/common': '12.5.1', '@nestjs/core': '12.5.1', '@nestjs/microservices': '12.1.1', rxjs: '7.8.2', 'reflect-metadata': '0.2.2',
    },
    devDependencies: { '@lifeos/app-testing': '0.1.0' },
    nx: { tags: ['type:app', `scope:${name}`], targets: { build: {} } },
  });
}

function tsconfigText(): string {
  return jsonText({
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.spec.ts'],
    references: libs.map((lib) => ({ path: `../../libs/${lib}` })),
  });
}

const moduleText = (name: string, className: string): string => `import type { ServiceDefinition } from '@lifeos/service';
import { Module, type Type } from '@nestjs/common';

const reactions: Type[] = [];

@Module({ controllers: [...reactions] })
export class ${className}Module {}

export const ${name}: ServiceDefinition = {
  name: '${name}',
  module: ${className}Module,
  migrations: new URL('../migrations/', import.meta.url),
};
`;

const testText = (name: string): string => `import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { ${name} } from './${name}.module.js';

let bench: ServiceBench;
beforeAll(async () => {
  bench = await openServiceBench(${name});
});
afterAll(() => bench.close());

describe('the service ${name}', () => {
  it('starts on its own database, and answers', async () => {
    expect(await bench.call('/nothing', { as: 1 })).toMatchObject({ status: 404 });
    expect(await bench.events()).toEqual([]);
  });
});
`;
