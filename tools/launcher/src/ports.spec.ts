import { describe, expect, it } from '@jest/globals';
import { services } from '@lifeos/cli';
import { defaultPorts } from './ports.js';

describe('defaultPorts', () => {
  it('has one for each service, none twice', () => {
    expect(Object.keys(defaultPorts)).toEqual(expect.arrayContaining([...services]));
    expect(new Set(Object.values(defaultPorts)).size).toBe(Object.keys(defaultPorts).length);
  });
});
