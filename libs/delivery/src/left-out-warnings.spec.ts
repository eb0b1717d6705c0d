import { describe, expect, it, jest } from '@jest/globals';
import { LeftOutWarnings } from './left-out-warnings.js';
import type { DeliveryLog } from './ports.js';
import { silentLog } from './ports.js';
import { Subscription } from './subscriptions.js';
import { handlerOf } from './testing/records.js';

const one = new Subscription(handlerOf('award-xp', async () => undefined, { versions: '^2.0.0' }));

describe('LeftOutWarnings', () => {
  it('VR-8: names event, version, handler and the version it needs, at most once a minute', () => {
    let now = 0;
    const warn = jest.fn<DeliveryLog['warn']>();
    const warnings = new LeftOutWarnings({ ...silentLog, warn }, () => now);
    for (let i = 0; i < 5; i++) warnings.note(one, 'lifeos.quests.v1.QuestCompleted', '1.0.0');
    expect(warn.mock.calls.map(([message]) => message)).toEqual(['lifeos.quests.v1.QuestCompleted 1.0.0 is not given to award-xp, which needs ^2.0.0']);
    now = 60_000;
    warnings.note(one, 'lifeos.quests.v1.QuestCompleted', '1.0.0');
    expect(warn.mock.calls[1]?.[1]).toMatchObject({ handler: 'award-xp', needs: '^2.0.0', leftOutSinceLastWarning: 4 });
  });

  it('stays bounded however many versions come', () => {
    const warn = jest.fn<DeliveryLog['warn']>();
    const warnings = new LeftOutWarnings({ ...silentLog, warn }, () => 0);
    for (let i = 0; i < 2_000; i++) warnings.note(one, 'x', `1.0.${i}`);
    expect(warn.mock.calls.length).toBeLessThan(600);
  });
});
