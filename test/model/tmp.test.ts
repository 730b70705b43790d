import { test } from 'vitest';
import { strongAuthPaths } from '../../src/testing/paths.js';
import { walkPath } from '../../src/testing/driver.js';
import { createScriptedDriver } from '../../src/testing/scripted.js';
test('x', async () => {
  for (const o of [{}, { calls: ['call','call'], alphabet: 'essential' }, { calls: ['call', 'ensure'], alphabet: 'essential' }, { calls: ['call','background'], alphabet: 'essential', policy: { maxRounds: 2, maxWaiting: 1 } }, {calls: ['call','ensure'], otpBudget: 1, alphabet: 'essential'}] as any[]) {
    const p = strongAuthPaths(o);
    const t = performance.now();
    let bad = 0, a = 0; const msgs: string[] = [];
    for (const x of p) { try { a += (await walkPath(x, createScriptedDriver(o))).assertions; } catch (e: any) { bad++; if (msgs.length < 5) msgs.push(e.message); } }
    console.log(JSON.stringify(o), p.length, bad, a, performance.now() - t, msgs);
  }
}, 100000);
