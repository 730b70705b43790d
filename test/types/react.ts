/* What the types of `./react` promise. Nothing here runs: `npm run typecheck` compiles it. `Is` compares exactly. */
import type { ComponentProps } from 'react';
import type { PinPad, PinPrompt, StrongAuth, StrongAuthView } from 'strong-auth-machine';
import { usePinPad, useStrongAuth, useStrongAuthCall, useStrongAuthClient } from 'strong-auth-machine/react';

type Is<Actual, Expected> =
  (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
const prove = <_Proof extends true>(): void => {};

export function useViews(strongAuth: StrongAuth) {
  const whole = useStrongAuth();
  prove<Is<typeof whole, StrongAuthView>>();
  if (whole.status === 'needStrongAuth') prove<Is<typeof whole.prompt.attempt, number>>();
  if (whole.status === 'done') prove<Is<typeof whole.prompt, undefined>>();
  const given = useStrongAuth(strongAuth);
  prove<Is<typeof given, StrongAuthView>>();
  const selected = useStrongAuth((view) => ({ waiting: view.waiting, code: view.failure?.code }));
  prove<Is<typeof selected.waiting, number>>();
  const ofGiven = useStrongAuth(strongAuth, (view) => view.status === 'done');
  prove<Is<typeof ofGiven, boolean>>();
  const client = useStrongAuthClient();
  prove<Is<typeof client, StrongAuth>>();

  // @ts-expect-error a view has no PIN
  useStrongAuth((view) => view.pin);
  // @ts-expect-error a pad is no client
  useStrongAuth({} as PinPad);
}

export function useCalls(strongAuth: StrongAuth) {
  const doors = useStrongAuthCall(({ set }, doorState: 'lock' | 'unlock') =>
    set('pims.vehicle.command', { action: 'doors', doorState }, { maxAgeMs: 1000 }),
  );
  prove<Is<Parameters<typeof doors.run>, [doorState: 'lock' | 'unlock']>>();
  // @ts-expect-error doors are not left ajar
  doors.run('ajar');
  // @ts-expect-error an event is no door
  const wrong: ComponentProps<'button'> = { onClick: doors.run };

  const { status, result, error, run } = useStrongAuthCall(strongAuth, ({ get }) =>
    get('pims.sdk.version', undefined),
  );
  if (status === 'succeeded') prove<Is<typeof result.versionCore, string | undefined>>();
  if (status === 'failed') prove<Is<typeof error, Error>>();
  if (status === 'pending') prove<Is<typeof result | typeof error, undefined>>();
  const button: ComponentProps<'button'> = { onClick: run };
  const { signal } = new AbortController();
  // @ts-expect-error the signal is that of the component
  useStrongAuthCall(({ get }) => get('pims.sdk.version', undefined, { signal }));
  return { wrong, button };
}

export function usePads(pinPad: PinPad) {
  const pad = usePinPad(pinPad);
  prove<Is<typeof pad.attempt, number | undefined>>();
  if (pad.isOpen) {
    prove<Is<typeof pad.attempt, number>>();
    prove<Is<typeof pad.prompt, PinPrompt>>();
    prove<Is<typeof pad.reason, PinPrompt['reason']>>();
  }
  const input: ComponentProps<'input'> = pad.inputProps;
  const label: ComponentProps<'label'> = pad.labelProps;
  const form: ComponentProps<'form'> = pad.formProps;
  const button: ComponentProps<'button'> = { onClick: pad.submit };
  // @ts-expect-error a PIN is a string: leading zeros count
  pad.submit(1234);
  return { input, label, form, button };
}
