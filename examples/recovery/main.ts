import { mount } from './app.js';
import { createBlockedRemote } from './simulated.js';

const { simulator, ...remote } = createBlockedRemote();
mount(document.querySelector('main') as HTMLElement, remote);

// The phone of the simulated person. The app itself never learns the code but from them.
const [button, output] = document.querySelectorAll('aside > button, aside > output');
button?.addEventListener('click', () => {
  (output as HTMLOutputElement).value = simulator.smsCode ?? 'There is none.';
});
