import { describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { eventType } from '../testing/fake-events.js';
import { declaredHandlers } from './declared-handlers.js';
import { Handles } from './handles.decorator.js';

const QuestCompleted = eventType('QuestCompleted');

@Controller()
class Awards {
  @Handles(QuestCompleted, { name: 'award', versions: { min: '1.0.0', max: '2.0.0' }, from: 'latest', aliases: ['grant'], fallback: 'unrelated' })
  award(): void {}
  unrelated(): void {}
}

@Controller()
class Counts {
  @Handles('*', { name: 'count', from: 'beginning', batch: true })
  count(): void {}
}

@Module({ controllers: [Counts] })
class Inner {}

@Module({ controllers: [Awards], imports: [Inner, { module: Inner, controllers: [] }] })
class Outer {}

describe('the handlers that a module declares', () => {
  it('are those of its controllers and of imported modules, each once, without a start', () => {
    expect(declaredHandlers(Outer)).toEqual([
      { name: 'award', types: QuestCompleted, versions: '>=1.0.0 <=2.0.0', from: 'latest', aliases: ['grant'], hasFallback: true },
      { name: 'count', types: '*', versions: '>=0.0.0', from: 'beginning', aliases: [], hasFallback: false },
    ]);
  });
});
