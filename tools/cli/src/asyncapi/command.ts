import type { Command } from 'commander';
import { topicSpecs } from '../release/topics.js';
import { readManifests } from '../topology/manifest-files.js';
import { workspaceRoot } from '../workspace.js';
import { asyncApiDocument } from './document.js';

export function addAsyncApiCommand(lifeos: Command): void {
  lifeos
    .command('asyncapi')
    .description('AsyncAPI 3 document of the whole system or of one service, as JSON, offline; exit code 1 when there is no such service')
    .argument('[service]', 'for example quests')
    .action((service: string | undefined) => {
      const manifests = readManifests(workspaceRoot);
      if (service !== undefined && !manifests.some((manifest) => manifest.service === service)) {
        throw new Error(`There is no service ${service}; there are ${manifests.map((manifest) => manifest.service).join(', ')}.`);
      }
      console.log(JSON.stringify(asyncApiDocument({ manifests, topics: topicSpecs(), ...(service === undefined ? {} : { service }) }), null, 2));
    });
}
