import { describe, expect, test } from 'vitest';
import { onPage } from '../support/page.js';

const NEW_PIN = '70416253';

describe('the example of the recovery', () => {
  const page = onPage('test/examples/recovery/page.ts');
  const part = (name: string) => page().getByTestId(name);
  const answer = async (given: string) => {
    await part('answer').fill(given);
    await part('give').click();
  };

  test('goes from a blocked account to a locked door, with a second SMS on the way, and shows no secret', async () => {
    const codes: string[] = [];
    const field = () => part('answer').evaluate((input: HTMLInputElement) => [input.type, input.inputMode]);

    await part('lock').click();
    await part('pin').fill('1234');
    await part('submit').click();

    // The account is blocked: only a yes removes anything, and the door waits meanwhile.
    await part('yes').waitFor();
    expect(await part('why').textContent()).toContain('Your account is blocked.');
    expect(await part('status').textContent()).toBe('recovering');
    expect(await part('lock-outcome').textContent()).toBe('pending');
    await part('yes').click();

    await part('answer').waitFor();
    expect(await field()).toEqual(['text', 'numeric']);
    expect(await part('answer').getAttribute('autocomplete')).toBe('one-time-code');
    codes.push((await page().evaluate(() => window.smsCode())) as string);
    expect(await part('resend').textContent()).toBe('Another SMS in 1 s');
    await answer('?');
    await page().getByText('That cannot be right.').waitFor();
    await part('resend').click(); // waits until the countdown is over
    await part('resend').waitFor({ state: 'hidden' }); // two SMS a flow
    codes.push((await page().evaluate(() => window.smsCode())) as string);
    await answer(codes[1] as string);

    await page().getByText('A new PIN').waitFor();
    expect(await field()).toEqual(['password', 'numeric']);
    await answer(NEW_PIN);

    await page().getByText('This phone is registered.').waitFor();
    await part('pin').fill(NEW_PIN);
    await part('submit').click();
    await page().locator('[data-testid=lock-outcome]', { hasText: 'succeeded' }).waitFor();
    expect(await page().evaluate(() => window.facts())).toEqual({ isLocked: true, executions: 1, sms: 2 });

    const html = await page().evaluate(() => document.body.innerHTML);
    for (const secret of ['1234', NEW_PIN, ...codes]) expect(html).not.toContain(secret);
    expect(new Set(codes).size).toBe(2);
  });
});
