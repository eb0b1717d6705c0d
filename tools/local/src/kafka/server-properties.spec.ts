import { describe, expect, it } from '@jest/globals';
import { type NodeLayout, serverProperties } from './server-properties.js';

const node = (id: number): NodeLayout => ({ id, port: 9090 + id, controllerPort: 19_090 + id });
const linesOf = (nodes: readonly NodeLayout[], of: NodeLayout): string[] => serverProperties({ nodes }, of, '/data').split('\n');

describe('serverProperties', () => {
  it('listens on the loopback address alone and creates no topic by itself', () => {
    const lines = linesOf([node(1)], node(1));
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:9091,CONTROLLER://127.0.0.1:19091');
    expect(lines).toContain('auto.create.topics.enable=false');
  });

  it('keeps one copy on one node, and three with two acknowledged on three', () => {
    expect(linesOf([node(1)], node(1))).toEqual(expect.arrayContaining(['default.replication.factor=1', 'min.insync.replicas=1']));
    const three = linesOf([node(1), node(2), node(3)], node(2));
    expect(three).toEqual(expect.arrayContaining(['node.id=2', 'default.replication.factor=3', 'min.insync.replicas=2']));
    expect(three).toContain('controller.quorum.voters=1@127.0.0.1:19091,2@127.0.0.1:19092,3@127.0.0.1:19093');
  });
});
