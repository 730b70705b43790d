import { createStrongAuth, type StrongAuthOptions } from 'strong-auth-machine';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import {
  createScriptedDriver,
  createWorld,
  edgesOf,
  observationOf,
  type PathStep,
  type StrongAuthPath,
  strongAuthPaths,
  type World,
  type WorldLogic,
  walkPath,
} from 'strong-auth-machine/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Ledger } from '../../src/calls/ledger.js';
import { type Chart, changed, find, withoutEdge } from './defective-charts.js';
import { worlds } from './worlds.js';

const paths = Object.values(worlds)
  .flatMap((world) => strongAuthPaths(world))
  .sort((a, b) => a.steps.length - b.steps.length);
const briefPaths = paths.filter(({ steps }) => steps.length <= 8);

/** @returns The title of the first path on which another chart does something else than the real one. */
function firstDifference(chart: Chart): string | undefined {
  // One logic for each world: it remembers what the chart answered.
  const logics = new Map(Object.values(worlds).map((world) => [world, createWorld(world, chart)]));
  return paths.find(({ steps, world }) => differs(logics.get(world) as WorldLogic, steps))?.title;
}

function differs(logic: WorldLogic, steps: readonly PathStep[]): boolean {
  let state: World = logic.getInitialSnapshot(undefined as never, undefined);
  return steps.some(({ event, expected }) => {
    try {
      state = logic.transition(state, event, undefined as never);
    } catch {
      return true;
    }
    return JSON.stringify(observationOf(state)) !== JSON.stringify(expected);
  });
}

describe('removing any transition from the chart is noticed', () => {
  // An edge that leads nowhere and does nothing only says so to the reader.
  const says = ['wave · waiters.gone → (stays)', '(any state) · recovered → (stays)'];
  const deeds = edgesOf().filter(({ name }) => !says.includes(name));
  test.each(deeds.map((edge) => [edge.name, edge] as const))('%s', (_, edge) => {
    expect(firstDifference(withoutEdge(edge))).toBeDefined();
  });
});

test('every state says what it is for, and the real chart differs in nothing', () => {
  const visit = (node: (typeof strongAuthMachine)['root']): string[] => [
    ...(node.description ? [] : [node.id]),
    ...Object.values(node.states).flatMap((child) => visit(child as never)),
  ];
  expect(visit(strongAuthMachine.root)).toEqual([]);
  expect(firstDifference(changed(() => {}))).toBeUndefined();
});

describe('a seeded defect of the chart is told by the path that shows it', () => {
  test.each<[string, (root: Record<string, unknown>) => void, RegExp]>([
    [
      'a declined prompt counts as a failure',
      (root) => {
        const { on } = find(root, ['wave', 'needStrongAuth']) as { on: Record<string, unknown> };
        on['pin.declined'] = {
          target: '#strongAuth.denied',
          actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED' } },
        };
      },
      /pin\.declined/,
    ],
    [
      'the reset step is had again and again',
      (root) => {
        const { on } = find(root, ['wave', 'requestingOtp']) as { on: Record<string, unknown[]> };
        on['otp.resetNeeded'] = on['otp.resetNeeded']?.slice(1) ?? [];
      },
      /otp\.resetNeeded.*otp\.resetNeeded/,
    ],
    [
      'a late challenge opens a second prompt',
      (root) => {
        const { on } = find(root, ['working']) as { on: Record<string, { guard?: { type?: string } }[]> };
        on['call.challenged'] = (on['call.challenged'] ?? []).filter(
          ({ guard }) => guard?.type !== 'isStraggler',
        );
      },
      /otp\.granted → call \d challenged/,
    ],
  ])('%s', (_, change, title) => {
    expect(firstDifference(changed(change))).toMatch(title);
  });
});

describe('a seeded defect around the chart is told by the path that shows it', () => {
  afterEach(() => vi.restoreAllMocks());

  /** @returns What the first path that fails has to say. */
  async function firstComplaint(
    create?: (options: StrongAuthOptions) => ReturnType<typeof createStrongAuth>,
  ) {
    for (const path of briefPaths) {
      try {
        await walkPath(path, createScriptedDriver(path.world, create ? { create } : {}));
      } catch (error) {
        return (error as Error).message;
      }
    }
    return undefined;
  }

  test.each<[string, () => void, RegExp]>([
    [
      'ledger: the waiting calls are forgotten at the grant',
      () => vi.spyOn(Ledger.prototype, 'replayWaiting').mockImplementation(() => {}),
      /otp\.granted.*(status|sent|outcomes) should be/,
    ],
    [
      'ledger: a denied wave leaves its calls pending',
      () => vi.spyOn(Ledger.prototype, 'rejectWaiting').mockImplementation(() => {}),
      /pin\.declined|cancelled|aborted|passes/,
    ],
    [
      'ledger: reset rejects nobody',
      () => vi.spyOn(Ledger.prototype, 'rejectEverything').mockImplementation(() => {}),
      /reset|disposed/,
    ],
  ])('%s', async (_, seed, complaint) => {
    seed();
    expect(await firstComplaint()).toMatch(complaint);
  });

  type Around = (options: StrongAuthOptions) => Partial<StrongAuthOptions>;
  test.each<[string, Around, RegExp]>([
    [
      'transport: everything is sent twice',
      ({ transport }) => ({
        transport: {
          send: (request, options) => {
            void transport.send(request, options);
            return transport.send(request, options);
          },
        },
      }),
      /sent should be \[1\], and is \[2\]/,
    ],
    [
      'transport: resetStep gets lost',
      ({ transport }) => ({
        transport: {
          send: ({ parameters: { resetStep: _, ...parameters } = {}, ...request }, options) =>
            transport.send({ ...request, parameters }, options),
        },
      }),
      /otp\.resetNeeded.*otpRequests should be \[false,true\], and is \[false,false\]/,
    ],
    [
      'transport: a challenge is swallowed',
      ({ transport }) => ({
        transport: {
          send: async (request, options) => {
            const message = (await transport.send(request, options)) as { error?: { code?: number } };
            return message.error?.code === 2302 ? { status: 'SUCCEEDED' } : message;
          },
        },
      }),
      /call 0 challenged.*status should be "needStrongAuth"/,
    ],
    [
      'pad: declining submits what was typed',
      ({ enterPin }) => ({ enterPin: async (prompt) => (await enterPin(prompt)) ?? '1234' }),
      /pin\.declined.*status should be "cancelled"/,
    ],
    [
      'pad: the user is asked twice',
      ({ enterPin }) => ({
        enterPin: (prompt) => {
          void enterPin(prompt);
          return enterPin(prompt);
        },
      }),
      /prompts should be 1, and is 2/,
    ],
    [
      'pad: what is no PIN is tidied up and sent',
      ({ enterPin }) => ({ enterPin: async (prompt) => (await enterPin(prompt))?.replace(/\D/g, '') }),
      /pin\.malformed/,
    ],
  ])('%s', async (_, around, complaint) => {
    expect(await firstComplaint((options) => createStrongAuth({ ...options, ...around(options) }))).toMatch(
      complaint,
    );
  });
});

test('a driver that shows too little, or lacks a hand, has not passed', async () => {
  const path = briefPaths.find(({ steps }) => steps[0]?.event.type === 'call.made') as StrongAuthPath;
  const driver = createScriptedDriver(path.world);
  await expect(walkPath(path, { ...driver, observe: () => ({}) })).rejects.toThrow(/does not show status/);
  await expect(walkPath(path, { ...driver, makeCall: undefined } as never)).rejects.toThrow(
    /makeCall is not a function/,
  );
});
