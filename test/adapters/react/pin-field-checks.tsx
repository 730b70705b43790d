import { forwardRef, useImperativeHandle } from 'react';
import { type PinPadControl, StrongAuthProvider, usePinPad } from 'strong-auth-machine/react';
import type { Remote } from '../../../examples/shared/remote.js';
import { settle } from '../support/checks.js';
import { createCountedStage, WRONG_PIN } from '../support/counted.js';
import { same, show } from './stage.js';

export function PinForm({ onRender }: { onRender?: (pad: PinPadControl) => void }) {
  const pad = usePinPad();
  onRender?.(pad);
  return (
    <form data-testid="form" {...pad.formProps}>
      <label {...pad.labelProps}>
        PIN <input data-testid="pin" {...pad.inputProps} />
      </label>
      <button type="submit" data-testid="submit">
        Unlock
      </button>
    </form>
  );
}

/** Stands for a `TextInput` of React Native: it is cleared by its handle, tells what is typed, and has no `value` to read. */
const TextInput = forwardRef<{ clear(): void }, { onClear(): void }>(function TextInput({ onClear }, ref) {
  useImperativeHandle(ref, () => ({ clear: onClear }), [onClear]);
  return null;
});

/** What the field of the PIN can get wrong, in React. */
export const pinFieldChecks = {
  async 'the field of the PIN says what it is, and forgets what was typed when the prompt goes'() {
    const stage = createCountedStage();
    const { strongAuth, pinPad } = stage.remote;
    const app = () => (
      <StrongAuthProvider {...stage.remote}>
        <PinForm />
      </StrongAuthProvider>
    );
    const screen = await show(app());
    await stage.challenge();
    const input = screen.find<HTMLInputElement>('pin');
    const asked = () => pinPad.view.getSnapshot().prompt?.reason ?? null;
    same(
      [input.type, input.inputMode, input.autocomplete, input.required, input.name, input.ariaInvalid],
      ['password', 'numeric', 'off', true, '', 'false'],
      'the input',
    );
    same([input.labels?.[0]?.htmlFor, input.id !== ''], [input.id, true], 'its label');

    input.value = '47';
    await screen.render(app());
    same(input.value, '47', 'what is typed so far, after another render');
    await screen.click('submit');
    same([asked(), input.value, input.ariaInvalid], ['pinMalformed', '', 'true'], 'after a malformed PIN');
    same(screen.find('pin') === input, true, 'the input is still the same');
    screen.find<HTMLFormElement>('form').noValidate = true;
    await screen.click('submit');
    same(asked(), 'pinMalformed', 'what is asked after an empty submit');

    input.value = '4711';
    await screen.click('submit');
    same(
      [asked(), input.value, input.readOnly],
      ['pinMalformed', '', true],
      'after the PIN, which is checked',
    );
    same(screen.find('pin') === input, true, 'the input while the PIN is checked');
    await stage.answerOtp({ status: 'FAILED', error: { code: 2308 } });
    same([asked(), input.ariaInvalid], ['pinRejected', 'true'], 'after a wrong PIN');
    input.value = '4712';
    strongAuth.cancel();
    await settle();
    same([asked(), input.value, input.ariaInvalid], [null, '', 'false'], 'after the app has cancelled');

    await stage.challenge();
    input.value = '4713';
    await screen.unmount();
    same(input.value, '', 'the input after unmount');
    strongAuth.cancel();
  },

  async 'what a render got answers the prompt of that render, and no other'() {
    const stage = createCountedStage();
    const pads: PinPadControl[] = [];
    const onRender = (pad: PinPadControl) => pads.push(pad);
    const app = (remote: Remote) => (
      <StrongAuthProvider {...remote}>
        <PinForm onRender={onRender} />
      </StrongAuthProvider>
    );
    const screen = await show(app(stage.remote));
    const latest = () => pads.at(-1) as PinPadControl;
    const functions = ({ submit, cancel, formProps, inputProps, textInputProps }: PinPadControl) => [
      ...[submit, cancel, formProps.onSubmit, inputProps.ref],
      ...[textInputProps.ref, textInputProps.onChangeText, textInputProps.onSubmitEditing],
    ];
    const beforehand = latest();
    await stage.challenge();
    const first = latest();
    first.submit('4711');
    await settle();
    same([latest().phase, latest().isOpen, latest().attempt], ['checking', false, 1], 'after the PIN');
    const isSame = functions(latest()).every((own, index) => own === functions(first)[index]);
    same(isSame, true, 'the functions of a prompt stay the same');

    await stage.answerOtp(WRONG_PIN);
    const input = screen.find<HTMLInputElement>('pin');
    input.value = '47';
    let prevented = 0;
    const press = { preventDefault: () => (prevented += 1) };
    const answerLate = async ({ cancel, submit, formProps, textInputProps }: PinPadControl) => {
      cancel(); // a library that tells late that it was closed, an alert that was left over
      submit('4712'); // a second tap
      submit(press);
      formProps.onSubmit(press);
      textInputProps.onSubmitEditing(press);
      await settle();
    };
    for (const late of [first, beforehand]) await answerLate(late);
    const { phase, attempt, reason } = latest();
    same([phase, attempt, reason], ['asking', 2, 'pinRejected'], 'what is asked');
    same([stage.otpRequests().length, input.value], [1, '47'], 'OTP requests, and what is typed by now');
    same(prevented, 6, 'forms that were kept from being sent');

    // A dialog of the account before, after the switch.
    const next = createCountedStage();
    const left = latest();
    await screen.render(app(next.remote));
    await next.challenge();
    await answerLate(left);
    same([latest().phase, next.otpRequests().length], ['asking', 0], 'what account B is asked, and sent');
    same(stage.remote.strongAuth.view.getSnapshot().status, 'cancelled', 'account A, whose prompt it was');
    await screen.unmount();
  },

  async 'a keypad of your own and a TextInput of React Native give the PIN, too'() {
    const stage = createCountedStage();
    const { strongAuth, pinPad } = stage.remote;
    let pad: PinPadControl | undefined;
    let cleared = 0;
    const onClear = () => {
      cleared += 1;
    };
    const Native = () => {
      pad = usePinPad(pinPad);
      return pad.isOpen ? <TextInput ref={pad.textInputProps.ref} onClear={onClear} /> : null;
    };
    const screen = await show(<Native />);
    const pins = () => stage.otpRequests().map(({ request }) => request.parameters?.pinCode);
    const press = { nativeEvent: { text: '' } };

    await stage.challenge();
    pad?.submit();
    await settle();
    same(pins(), [], 'PINs when nothing was typed');
    pad?.textInputProps.onChangeText('47');
    pad?.textInputProps.onChangeText('0471');
    pad?.textInputProps.onSubmitEditing(press as never);
    await settle();
    same([pins(), cleared > 0], [['0471'], true], 'PINs');

    await stage.answerOtp({ status: 'FAILED', error: { code: 2308 } });
    pad?.textInputProps.onChangeText('0472');
    pad?.cancel();
    await settle();
    same(strongAuth.view.getSnapshot().status, 'cancelled', 'status after cancel');

    await stage.challenge();
    pad?.submit();
    await settle();
    same(pins(), ['0471'], 'PINs after what was typed went with the prompt before');
    pad?.submit('0473');
    await settle();
    same(pins(), ['0471', '0473'], 'PINs with a keypad');
    await screen.unmount();
  },
} satisfies Record<string, () => Promise<void>>;
