import {
  createPinPad,
  createStrongAuth,
  isStrongAuthError,
  type PinPad,
  type StrongAuth,
  type StrongAuthOptions,
} from 'strong-auth-machine';

/** What a button of the remote does: a command, a status that polls, or strong authentication ahead of need. */
export type ButtonKind = 'call' | 'background' | 'ensure';

/** The app under test: a car remote whose buttons call the SDK, and whose state a screen shows. */
export interface Remote {
  readonly strongAuth: StrongAuth;
  readonly pad: PinPad;
  /** What became of each press, by the number of the button. */
  readonly outcomes: readonly string[];
  press(button: number): void;
  giveUp(button: number): void;
  /** Calls `listener` whenever anything changes that a screen shows. */
  subscribe(listener: () => void): void;
}

/** Makes a remote with one button for each kind given. Transport, clock and limits are injected, so that a test can hold them. */
export function createRemote(
  buttons: readonly ButtonKind[],
  options: Omit<StrongAuthOptions, 'enterPin'>,
): Remote {
  const pad = createPinPad();
  const strongAuth = createStrongAuth({ ...options, enterPin: pad.enterPin });
  const controllers = buttons.map(() => new AbortController());
  const outcomes = buttons.map(() => 'unmade');
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  strongAuth.view.subscribe(changed);
  pad.view.subscribe(changed);

  const send = (button: number, signal: AbortSignal): Promise<unknown> => {
    switch (buttons[button]) {
      case 'ensure':
        return strongAuth.ensure({ signal });
      case 'background':
        return strongAuth.get<unknown>(
          'pims.vehicle.informations',
          { action: 'get', button },
          { signal, interactive: false },
        );
      default:
        return strongAuth.set<unknown>('pims.vehicle.command', { action: 'horn', button }, { signal });
    }
  };

  const run = async (button: number) => {
    const { signal } = controllers[button] as AbortController;
    try {
      await send(button, signal);
      outcomes[button] = 'succeeded';
    } catch (error) {
      outcomes[button] = signal.aborted ? 'aborted' : isStrongAuthError(error) ? error.code : 'failed';
    }
    changed();
  };

  return {
    strongAuth,
    pad,
    outcomes,
    press(button) {
      outcomes[button] = 'pending';
      changed();
      void run(button);
    },
    giveUp: (button) => controllers[button]?.abort(),
    subscribe: (listener) => listeners.add(listener),
  };
}
