import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { base, onInspector, textsOf } from './on-inspector.js';

describe('the inspector, among strangers', () => {
  const at = onInspector();
  const { open, connect, onEnd } = at;

  test('a page of another origin cannot read what is sent', async () => {
    const elsewhere = createServer((_, response) => response.end('<title>elsewhere</title>'));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onEnd(() => new Promise((resolve) => elsewhere.close(resolve)));
    const page = await at.context.newPage();
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const outcomes = await page.evaluate(
      async ([own, token]) => {
        const outcome = (url: string) =>
          new Promise((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('refused');
          });
        return [
          await outcome(`ws://${own}/page?token=${token}`),
          await outcome(`ws://${own}/page`),
          await outcome(`ws://${own}/app`),
          await fetch(`http://${own}/page.js`).then(
            () => 'read',
            () => 'refused',
          ),
        ];
      },
      [`127.0.0.1:${at.inspector.port}`, at.inspector.token] as const,
    );
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('a hostile sender harms nobody', async () => {
    const page = await open();
    const send = await connect();
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const states = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
    const deep = (depth: number): object => (depth === 0 ? {} : { states: { a: deep(depth - 1) } });
    const definitions: readonly unknown[] = [
      {
        id: markup,
        states: { [markup]: { description: markup, on: { [markup]: { target: markup, guard: markup } } } },
      },
      {
        states: {
          a: { on: 7, invoke: [null, 3, { src: {} }], always: [[[]]], after: 'x', entry: { type: {} } },
        },
      },
      {
        states: {
          a: { on: { x: '#nowhere', y: '.', z: ['..', '#', '\\'] }, initial: 'a', type: 'parallel' },
        },
      },
      { states: states(Array.from({ length: 5000 }, (_, index) => `state ${index}`)) },
      deep(500),
      JSON.parse('{"id":"proto","states":{"__proto__":{"on":{"x":"constructor"}},"constructor":{}}}'),
      {
        states: {
          a: { on: { x: `#${'a.'.repeat(500_000)}`, y: `.${'a.'.repeat(500_000)}` } },
          ['b'.repeat(900_000)]: states(['c']),
        },
      },
      {
        id: 'always',
        states: Object.fromEntries(
          Array.from({ length: 12 }, (_, index) => [
            `${index}`,
            { on: { go: '0' }, always: Array.from({ length: 12 }, (_, other) => `${other}`) },
          ]),
        ),
      },
      'not json',
      7,
    ];
    definitions.forEach((definition, index) => {
      const text = typeof definition === 'object' ? JSON.stringify(definition) : definition;
      const actor = { ...base, sessionId: `d:${index}`, name: `${index} ${markup}`, definition: text };
      send({
        ...actor,
        type: '@xstate.actor',
        snapshot: { status: 'active', value: markup, context: { [markup]: markup } },
      });
    });
    send({ ...base, sessionId: 'd:0', type: '@xstate.event', event: { type: markup, [markup]: markup } });
    for (const message of [
      ...['{', '[]', 'null', { type: '@xstate.actor' }, { ...base, type: '@xstate.snapshot', snapshot: 3 }],
      { ...base, type: '@xstate.event', event: null, createdAt: {} },
      { ...base, type: '@xstate.actor', parentId: 'x:0', name: {}, snapshot: null },
      { ...base, type: '@xstate.event', event: 'x'.repeat(3_000_000) },
      { ...base, type: '@xstate.event', sessionId: 'x'.repeat(3_000_000) },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'x:0',
        snapshot: { value: 'a.'.repeat(1_500_000), status: 'x'.repeat(900_000) },
      },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'x:0',
        snapshot: { value: states(Array.from({ length: 100_000 }, (_, index) => `${index}`)) },
      },
      { ...base, type: '@xstate.snapshot', sessionId: 'd:7', snapshot: { value: '0' } },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'd:7',
        event: { type: 'go' },
        snapshot: { value: 'nowhere' },
      },
      `{"type":"@xstate.snapshot","sessionId":"d:0","snapshot":{"value":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`,
    ])
      send(message);
    for (let index = 0; index < 5000; index++)
      send({
        ...base,
        type: '@xstate.actor',
        sessionId: `many:${index}`,
        parentId: `many:${index - 1}`,
        name: `many ${index}`,
      });
    send({ ...base, sessionId: 'd:0', type: '@xstate.event', event: { type: 'the last one' } });
    await page.waitForFunction(
      () => document.querySelector('#log .event-type')?.textContent === 'the last one',
    );
    await page.waitForFunction(() =>
      document.getElementById('actors-note')?.textContent?.includes('too many'),
    );
    await expect.poll(() => page.locator('#actors li').count()).toBeLessThanOrEqual(400);

    for (let index = 0; index < definitions.length; index++) {
      await page.click(`#actors [data-actor$=" d:${index}"]`);
      await page.waitForFunction(
        (prefix) =>
          document.getElementById('shown-name')?.textContent?.startsWith(prefix) &&
          !document.getElementById('chart')?.textContent?.includes('is being drawn'),
        `${index} `,
      );
    }
    await page.click('#actors [data-actor$=" d:0"]');
    await page.waitForSelector('#chart .state .name');
    expect(await textsOf(page, '#chart .state .name')).toContain(`${markup.slice(0, 59)}…`);
    await expect.poll(() => page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe('Inspector · XState machines');
  });
});
