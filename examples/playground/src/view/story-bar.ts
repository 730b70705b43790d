import { stories } from '../stories.js';
import type { StoryPlayer } from '../story-player.js';
import type { Story } from '../story-steps.js';
import { byId, html, setText } from './dom.js';

/** The bar in which stories are chosen and played. */
export interface StoryBar {
  /** @param player Nothing in free play. */
  draw(player: StoryPlayer | undefined): void;
}

/** What the bar asks of the page. */
export interface StoryBarActions {
  /** @param name Empty for free play. */
  choose(name: string): void;
  startAgain(): void;
  readonly player: () => StoryPlayer | undefined;
}

const FREE_PLAY = 'Press any button of the remote. The first call that needs it opens the PIN pad.';

export function createStoryBar({ choose, startAgain, player: current }: StoryBarActions): StoryBar {
  const select = byId('story-select', HTMLSelectElement);
  const about = byId('story-about', HTMLParagraphElement);
  const step = byId('story-step', HTMLButtonElement);
  const play = byId('story-play', HTMLButtonElement);
  const share = byId('story-share', HTMLButtonElement);
  const dots = byId('story-dots', HTMLOListElement);
  const text = byId('story-text', HTMLParagraphElement);
  const checks = byId('story-checks', HTMLUListElement);
  let drawnStory: Story | undefined;
  let drawnChecks = '';

  select.append(
    html('option', { text: 'Free play', attributes: { value: '' } }),
    ...Object.entries(stories).map(([name, { title }]) =>
      html('option', { text: title, attributes: { value: name } }),
    ),
  );
  select.addEventListener('change', () => choose(select.value));
  step.addEventListener('click', () => current()?.step());
  play.addEventListener('click', () => {
    const player = current();
    if (player?.isPlaying) player.pause();
    else player?.play();
  });
  byId('story-again', HTMLButtonElement).addEventListener('click', startAgain);
  share.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    setText(share, isCopied ? 'Copied' : 'See the address');
    window.setTimeout(() => setText(share, 'Copy link'), 1600);
  });

  return {
    draw(player) {
      const story = player?.story;
      if (story !== drawnStory) {
        drawnStory = story;
        select.value = Object.entries(stories).find(([, other]) => other === story)?.[0] ?? '';
        dots.replaceChildren(...(story?.steps ?? []).map(() => html('li')));
      }
      setText(about, story?.about ?? 'No story: press any button of the remote, and add faults as you like.');
      const { done = 0, isStepping = false, isPlaying = false, isOver = true } = player ?? {};
      [...dots.children].forEach((dot, index) => {
        dot.classList.toggle('is-done', index < done);
        dot.classList.toggle('is-now', index === done && isStepping);
      });
      step.setAttribute('aria-disabled', String(isStepping || isOver));
      play.setAttribute('aria-disabled', String(isOver));
      setText(play, isPlaying ? 'Pause' : 'Play');
      setText(text, textOf(player));
      const found = player?.checks ?? [];
      if (JSON.stringify(found) !== drawnChecks) {
        drawnChecks = JSON.stringify(found);
        checks.replaceChildren(
          ...found.map(([claim, holds]) =>
            html('li', { class: holds ? 'holds' : 'fails', text: `${holds ? '✓' : '✗'} ${claim}` }),
          ),
        );
      }
    },
  };
}

function textOf(player: StoryPlayer | undefined): string {
  if (!player) return FREE_PLAY;
  const { story, done, isStepping } = player;
  const count = story.steps.length;
  if (done === 0 && !isStepping) return `${count} steps. Nothing is sent before the first.`;
  const index = isStepping ? done : done - 1;
  return `${index + 1} of ${count}. ${story.steps[index]?.text ?? ''}`;
}
