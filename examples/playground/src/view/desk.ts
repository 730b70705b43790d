import type { DeskAnswer, DeskRequest } from '../desk.js';
import type { Stage } from '../stage.js';
import { byId, html } from './dom.js';

/** The panel in which the visitor is the SDK. */
export interface DeskView {
  draw(stage: Stage): void;
}

/** How long an answer by hand takes, in ms: so that its call has a length on the timeline. */
const ANSWER_MS = 200;

const answersToCalls: readonly (readonly [DeskAnswer, string, string])[] = [
  ['succeed', 'Done', 'Execute it and answer SUCCEEDED'],
  [2302, '2302', 'Need Strong Authentication'],
  [2204, '2204', 'Server Error'],
];
const answersToOtps: readonly (readonly [DeskAnswer, string, string])[] = [
  ['succeed', 'Grant', 'Answer with an OTP'],
  [2308, '2308', 'The PIN is wrong'],
  [2102, '2102', 'The PIN is malformed'],
  [2312, '2312', 'The device is disabled or unknown'],
  [2317, '2317', 'Forbidden operation'],
  [2310, '2310', 'The account is blocked'],
  [2202, '2202', 'No internet'],
  [2204, '2204', 'Server Error'],
  [2301, '2301', 'Not signed in'],
  [2309, '2309', 'Version error'],
];

export function createDeskView(current: () => Stage): DeskView {
  const panel = byId('desk', HTMLElement);
  const list = byId('desk-requests', HTMLOListElement);
  const empty = byId('desk-empty', HTMLParagraphElement);
  let drawn: readonly DeskRequest[] | undefined;

  for (const button of panel.querySelectorAll<HTMLButtonElement>('[data-skip]'))
    button.addEventListener('click', () => {
      current().clock.skip(Number(button.dataset.skip));
      current().journal.note('state', `${button.textContent} passed`);
    });

  const answer = (number: number, given: DeskAnswer) => {
    const stage = current();
    stage.clock.skip(ANSWER_MS);
    stage.desk.answer(number, given);
  };

  return {
    draw(stage) {
      const { requests } = stage.desk;
      if (requests === drawn) return;
      drawn = requests;
      empty.hidden = requests.length > 0;
      list.replaceChildren(...requests.map((request) => makeRequest(request, answer)));
    },
  };
}

function makeRequest(
  { number, verb, api, action, isOtp, isReset }: DeskRequest,
  answer: (number: number, given: DeskAnswer) => void,
): HTMLLIElement {
  const what = isOtp ? `OTP${isReset ? ' with resetStep' : ''}` : action || api;
  const buttons = (isOtp ? answersToOtps : answersToCalls).map(([given, caption, meaning]) => {
    const button = html('button', {
      class: given === 'succeed' ? 'chip good' : 'chip',
      text: caption,
      attributes: {
        type: 'button',
        title: meaning,
        'aria-label': `${caption} to ${what}: ${meaning}`,
        'data-answer': String(given),
      },
    });
    button.addEventListener('click', () => answer(number, given));
    return button;
  });
  return html(
    'li',
    {
      class: 'request',
      attributes: { 'data-request': String(number), 'data-kind': isOtp ? 'otp' : action },
    },
    html('p', { text: `${verb} ${what}` }),
    html('div', { class: 'chips' }, ...buttons),
  );
}
