import { bankRequests } from '../bank.js';
import type { Stage } from '../stage.js';
import { byId, setText } from './dom.js';

/** The app of the bank on the phone, in the place of the car remote. */
export interface BankView {
  draw(stage: Stage): void;
}

export function createBankView(current: () => Stage): BankView {
  const columns = byId('columns', HTMLDivElement);
  const [balance, limit] = [byId('bank-balance', HTMLElement), byId('bank-limit', HTMLElement)];
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-bank]')];
  const requestOf = (button: HTMLButtonElement) =>
    bankRequests[button.dataset.bank as keyof typeof bankRequests];

  for (const button of buttons)
    button.addEventListener('click', () => current().bank?.send(requestOf(button)));

  return {
    draw({ bank, isBusy }) {
      columns.classList.toggle('has-bank', bank !== undefined);
      if (!bank) return;
      for (const button of buttons)
        button.setAttribute('aria-disabled', String(isBusy(requestOf(button).id)));
      setText(balance, String(bank.shown.balance ?? 'not known'));
      setText(limit, String(bank.shown.limit ?? 'not known'));
    },
  };
}
