import { afterEach, describe, expect, it } from '@jest/globals';
import { UseFilters, UsePipes, type PipeTransform } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { catchError, concat, delay, EMPTY, map, of, retry, throwError } from 'rxjs';
import type { EventEnvelope } from '@lifeos/events';
import { boom, closeApps, connected, controllerWith, guard, handle, interceptor, MapsToValue, QuestCompleted } from '../testing/connected-handlers.js';
import { fakeContext, fakeEvent } from '../testing/fake-events.js';

afterEach(closeApps);

describe('a handler under @Handles', () => {
  it('gets the event and the context, whatever else stands around it', async () => {
    const seen: unknown[] = [];
    const event = fakeEvent(QuestCompleted);
    const context = fakeContext();
    const pass: PipeTransform = { transform: (value: unknown) => value };
    const work = (...args: unknown[]) => void seen.push(...args);
    await handle(controllerWith(work, guard(() => true), UsePipes(pass), interceptor((next) => next.handle()), UseFilters(new MapsToValue())), [event], context);
    expect(seen).toEqual([event, context]);
  });

  it.each([
    ['returns', () => undefined],
    ['returns a value', () => 'value'],
    ['resolves', async () => 'value'],
    ['returns a stream that completes', () => of(1, 2).pipe(delay(5))],
    ['returns an empty stream', () => EMPTY],
    ['resolves with a stream', async () => of(1)],
  ])('succeeds once when its method %s', async (_, answer) => {
    let calls = 0;
    const work = () => {
      calls += 1;
      return answer();
    };
    await handle(controllerWith(work));
    await handle(controllerWith(work, interceptor((next) => next.handle())));
    expect(calls).toBe(2);
  });

  it.each([
    ['throws', () => { throw boom; }],
    ['rejects', async () => { throw boom; }],
    ['returns a stream that fails', () => concat(of(1), throwError(() => boom))],
    ['resolves with a stream that fails', async () => throwError(() => boom)],
  ])('fails with the very error when its method %s', async (_, answer) => {
    await expect(handle(controllerWith(answer))).rejects.toBe(boom);
    await expect(handle(controllerWith(answer, interceptor((next) => next.handle())))).rejects.toBe(boom);
  });

  it('fails when a guard refuses, and its method is not called', async () => {
    let calls = 0;
    await expect(handle(controllerWith(() => (calls += 1), guard(() => false)))).rejects.toThrow(/forbidden/i);
    await expect(handle(controllerWith(() => (calls += 1), guard(() => false), UseFilters(new MapsToValue())))).rejects.toThrow(/forbidden/i);
    expect(calls).toBe(0);
  });

  it('fails when a guard throws', async () => {
    const refuse = guard(() => { throw boom; });
    await expect(handle(controllerWith(() => 1, refuse))).rejects.toBe(boom);
  });

  it('fails when a pipe refuses the event', async () => {
    const refuse: PipeTransform = { transform: () => { throw boom; } };
    await expect(handle(controllerWith(() => 1, UsePipes(refuse)))).rejects.toBe(boom);
  });

  it('fails when a filter turns the error into a value', async () => {
    await expect(handle(controllerWith(() => { throw boom; }, UseFilters(new MapsToValue())))).rejects.toBe(boom);
  });

  it('fails when an interceptor swallows the error', async () => {
    const swallow = interceptor((next) => next.handle().pipe(catchError(() => of('fine'))));
    await expect(handle(controllerWith(async () => { throw boom; }, swallow))).rejects.toBe(boom);
  });

  it('fails when an interceptor answers in the place of the method', async () => {
    const answer = interceptor(() => of('cached'));
    await expect(handle(controllerWith(() => 1, answer))).rejects.toMatchObject({ code: 'HANDLER_NOT_COMPLETED', handler: 'subject' });
  });

  it('fails when an interceptor fails after the method completed, also when a filter maps that', async () => {
    const fail = interceptor((next) => next.handle().pipe(map(() => { throw boom; })));
    await expect(handle(controllerWith(() => 1, fail))).rejects.toBe(boom);
    await expect(handle(controllerWith(() => 1, fail, UseFilters(new MapsToValue())))).rejects.toBe(boom);
  });

  it('succeeds when an interceptor tries again and the second call completes', async () => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls === 1) throw boom;
    };
    await handle(controllerWith(work, interceptor((next) => next.handle().pipe(retry(1)))));
    expect(calls).toBe(2);
  });

  it('keeps the error of Nest where there is no other', async () => {
    await expect(handle(controllerWith(() => { throw new RpcException('refused'); }))).rejects.toThrow('refused');
  });

  it('tells calls apart that run at the same time', async () => {
    const work = async (event: EventEnvelope) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (event.key === 'bad') throw boom;
    };
    const { strategy } = await connected(controllerWith(work, UseFilters(new MapsToValue())));
    const [handler] = strategy.handlers;
    const call = (key: string) => handler?.invoke([fakeEvent(QuestCompleted, key)], fakeContext());
    const settled = await Promise.allSettled([call('good'), call('bad'), call('good')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
