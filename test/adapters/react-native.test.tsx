import { act, createElement, type ReactNode } from 'react';
import { create, type ReactTestInstance, type ReactTestRenderer } from 'react-test-renderer';
import { createPinPad } from 'strong-auth-machine';
import { StrongAuthProvider, usePinPad, useStrongAuth } from 'strong-auth-machine/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failed, OTP, settleDown, stage, succeeded } from '../lifecycle/support.js';
import { counted } from './support/counted.js';

/*
 * React where there is no DOM, as React Native is: a renderer whose elements are nothing but names and properties. The screen is
 * the one of docs/guides/react.md.
 */

/** Stands for React Native's own, which only its runtime can load. */
const native =
  <Props extends object>(name: string) =>
  (props: Props) =>
    createElement(name, props);
const View = native<{ children: ReactNode }>('View');
const Text = native<{ children: ReactNode; testID?: string }>('Text');
const TextInput = native<ReturnType<typeof usePinPad>['textInputProps'] & { accessibilityLabel: string }>(
  'TextInput',
);
const Button = native<{ title: string; onPress: () => void; disabled?: boolean }>('Button');

function NativePinDialog() {
  const pad = usePinPad();
  if (pad.phase === 'closed') return null;
  const isChecking = pad.phase === 'checking';
  return (
    <View>
      <Text testID="said">
        {isChecking && 'Checking the PIN…'}
        {pad.isOpen && pad.reason === 'pinRejected' && `That was not the PIN. ${pad.attemptsLeft} left.`}
        {pad.isOpen && pad.reason === 'pinMalformed' && 'A PIN has 4 to 8 digits.'}
      </Text>
      <TextInput {...pad.textInputProps} accessibilityLabel="PIN" />
      <Button title="Unlock" onPress={pad.submit} disabled={isChecking} />
      <Button title="Cancel" onPress={pad.cancel} disabled={isChecking} />
    </View>
  );
}

function Status() {
  return <Text testID="status">{useStrongAuth((view) => view.status)}</Text>;
}

let screen: ReactTestRenderer;

/** The app of one client, on a screen. */
async function open() {
  const pinPad = createPinPad();
  const app = stage({ enterPin: pinPad.enterPin });
  const [view, pad] = [counted(app.strongAuth.view), counted(pinPad.view)];
  await act(async () => {
    screen = create(
      <StrongAuthProvider
        strongAuth={{ ...app.strongAuth, view: view.store }}
        pinPad={{ ...pinPad, view: pad.store }}
      >
        <Status />
        <NativePinDialog />
      </StrongAuthProvider>,
      // What a `ref` is given: a field that can be cleared, and tells nothing.
      { createNodeMock: ({ type }) => (String(type) === 'TextInput' ? { clear: () => {} } : null) },
    );
  });
  const find = (name: string, props: object = {}): ReactTestInstance =>
    screen.root.find(
      ({ type, props: own }) =>
        type === name && Object.entries(props).every(([key, value]) => own[key] === value),
    );
  return {
    ...app,
    listening: () => view.listeners + pad.listeners,
    status: () => find('Text', { testID: 'status' }).props.children,
    said: () => [find('Text', { testID: 'said' }).props.children].flat().filter(Boolean).join(),
    isOpen: () => screen.root.findAll(({ type }) => String(type) === 'TextInput').length > 0,
    field: () => find('TextInput'),
    press: (title: string) => act(async () => find('Button', { title }).props.onPress()),
    does: (deed: () => unknown) =>
      act(async () => {
        await deed();
        await settleDown();
      }),
    /** Makes a call, and has it challenged. */
    challenge: () => act(() => app.challenged()),
    pins: () => app.requestsOf(OTP).map(({ request }) => request.parameters?.pinCode),
  };
}

describe('React without a DOM', () => {
  let complaints: unknown[][];
  beforeEach(() => {
    complaints = [];
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    vi.spyOn(console, 'error').mockImplementation((...said) => {
      // The renderer says that it will not be kept up. What else React complains of fails the test.
      if (!String(said[0]).includes('react-test-renderer is deprecated')) complaints.push(said);
    });
  });
  afterEach(async () => {
    await act(async () => screen.unmount());
    vi.unstubAllGlobals();
    expect(complaints).toEqual([]);
  });

  test('a PIN that was typed into a TextInput goes to the SDK, and the pad comes and goes with the prompt', async () => {
    const { answer, challenge, does, field, isOpen, pins, press, said, status } = await open();
    expect(globalThis).not.toHaveProperty('document');
    expect([status(), isOpen()]).toEqual(['idle', false]);
    const call = await challenge();
    expect([status(), isOpen()]).toEqual(['needStrongAuth', true]);
    expect(field().props).toMatchObject({ secureTextEntry: true, inputMode: 'numeric', autoComplete: 'off' });

    for (const typed of ['4', '47', '4711']) field().props.onChangeText(typed);
    expect(JSON.stringify(screen.toJSON())).not.toContain('4711');
    await press('Unlock');
    expect([pins(), isOpen(), said()]).toEqual([['4711'], true, 'Checking the PIN…']);
    field().props.onChangeText('47');
    await does(() => answer(failed(2308)));
    expect([isOpen(), said()]).toEqual([true, 'That was not the PIN. 1 left.']);
    await press('Unlock');
    expect(pins(), 'nothing was typed since').toEqual(['4711']);
    field().props.onChangeText('47');
    await press('Unlock');
    expect([pins(), said()]).toEqual([['4711'], 'A PIN has 4 to 8 digits.']);
    field().props.onChangeText('4712');
    await act(async () => field().props.onSubmitEditing({ nativeEvent: { text: '' } }));
    expect(pins()).toEqual(['4711', '4712']);
    await does(() => answer(succeeded({ otp: 'o' })));
    expect(isOpen()).toBe(false);
    await does(() => answer(succeeded()));
    expect([status(), call.fate]).toEqual(['done', 'resolved']);
  });

  test('Cancel declines, and a screen that is left listens to nothing', async () => {
    const { challenge, isOpen, listening, press, status } = await open();
    const call = await challenge();
    await press('Cancel');
    expect([call.fate, status(), isOpen()]).toEqual(['CANCELLED', 'cancelled', false]);
    expect(listening()).toBe(2);
    await act(async () => screen.unmount());
    expect(listening()).toBe(0);
  });
});
