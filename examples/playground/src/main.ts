import type { Simulator } from 'strong-auth-machine/simulator';
import { type PlayedPath, readPlaygroundHash } from 'strong-auth-machine/testing';
import { createFeed } from './feed.js';
import { createHistory } from './history.js';
import { makePathStory } from './path-story.js';
import { createStage, type Stage, type StageOptions } from './stage.js';
import { stories } from './stories.js';
import { createStoryPlayer, type StoryPlayer } from './story-player.js';
import type { Hands } from './story-steps.js';
import { bindTheme } from './theme.js';
import { createBankView } from './view/bank.js';
import { createCallsView } from './view/calls.js';
import { createDeskView } from './view/desk.js';
import { byId, eachFrame, setText } from './view/dom.js';
import { createFactsView } from './view/facts.js';
import { createFaultsView } from './view/faults.js';
import { createLinks } from './view/links.js';
import { createMachineView } from './view/machine.js';
import { createPhone } from './view/phone.js';
import { createPinDialog } from './view/pin-dialog.js';
import { createQuestionDialog } from './view/question-dialog.js';
import { createRecoveryView } from './view/recovery.js';
import { createRemoteView } from './view/remote.js';
import { createSignInDialog } from './view/sign-in-dialog.js';
import { createStoryBar } from './view/story-bar.js';
import { createTimeView } from './view/time.js';

declare global {
  interface Window {
    /** For the console, and for tests: the client and the simulator of the page. */
    playground: { readonly strongAuth: Stage['client']; readonly simulator: Simulator };
  }
}

/** What the address says: which story, and who answers. */
interface Place {
  readonly story: string;
  readonly isByHand: boolean;
  /** A path of the test kit, as a failing test links it, instead of a story. */
  readonly path?: PlayedPath | undefined;
}

/** From how many calls on that are under way the page draws what fits into a frame, and the rest in the next. */
const CROWD = 50;
/** How long that may take, in ms. */
const FRAME_MS = 2;

const readPlace = (): Place => {
  const search = new URLSearchParams(location.search);
  const story = search.get('story') ?? '';
  const isKnown = Object.hasOwn(stories, story);
  const path = isKnown ? undefined : readPlaygroundHash(location.hash);
  if (path) return { story: '', isByHand: true, path };
  return { story: isKnown ? story : '', isByHand: !isKnown && search.has('by-hand') };
};
const addressOf = ({ story, isByHand, path }: Place): string =>
  path ? location.href : story ? `?story=${story}` : isByHand ? '?by-hand' : location.pathname;

const feed = createFeed();
const calls = createCallsView();
const facts = createFactsView();
const machine = createMachineView();
const links = createLinks();
const history = createHistory();
const time = createTimeView(history, () => drawChange());
const modes = [...byId('mode', HTMLFieldSetElement).querySelectorAll('input')];
const clockText = byId('clock', HTMLElement);
const [faultsPanel, deskPanel] = [byId('faults', HTMLElement), byId('desk', HTMLElement)];
const withRecovery = byId('with-recovery', HTMLInputElement);
const inspector = byId('open-inspector', HTMLAnchorElement);

let place = readPlace();
let stage: Stage;
let player: StoryPlayer | undefined;

const current = () => stage;
// A story is watched: whoever presses “Next step” keeps the focus there.
const phone = createPhone();
const takesFocus = () => player === undefined;
const pinDialog = createPinDialog(phone, takesFocus);
const questionDialog = createQuestionDialog(phone, takesFocus, current);
const hands: Hands = { typePin: pinDialog.typePin, answer: questionDialog.answer };
const signInDialog = createSignInDialog(phone, takesFocus, current);
const recovery = createRecoveryView(current);
const remote = createRemoteView(current);
const bank = createBankView(current);
const desk = createDeskView(current);
const faults = createFaultsView(current, () => go({ story: '', isByHand: place.isByHand }, 'here'));
const storyBar = createStoryBar({
  choose: (story) => go({ story, isByHand: false }, 'next'),
  startAgain: () => go(place, 'here'),
  player: () => player,
});

/** Each draws one part of the page. @returns Whether that part is up to date; otherwise it wants to be drawn again. */
const views = {
  calls: () => calls.draw(stage.journal, stage.clock.now(), stage.beganAt, time.past),
  machine: () => machine.draw(stage, time.past),
  pad() {
    recovery.draw(stage, time.past?.recovery);
    pinDialog.draw(stage, !place.isByHand);
    questionDialog.draw(stage);
    signInDialog.draw(stage);
    return true;
  },
  facts() {
    const isCurrent = facts.draw(stage.journal, stage.beganAt);
    facts.showUntil(time.past?.at);
    return isCurrent;
  },
  faults() {
    faults.draw(stage);
    return true;
  },
  rest() {
    remote.draw(stage);
    bank.draw(stage);
    desk.draw(stage);
    storyBar.draw(player);
    links.draw(stage, machine.now.active[0] ?? '');
    time.draw();
    setText(clockText, stage.clock.isRunning ? 'time runs' : 'time stands still');
    return true;
  },
};
/** What is to be drawn, that which waits longest first. */
const stale = new Set<() => boolean>();

function draw(): void {
  const pending = stage.journal.calls.filter(({ outcome }) => outcome === 'pending').length;
  const endsAt = pending > CROWD ? performance.now() + FRAME_MS : Number.POSITIVE_INFINITY;
  for (const view of [...stale]) {
    if (performance.now() > endsAt) break;
    stale.delete(view);
    if (!view()) stale.add(view);
  }
  // Bars grow and seconds count down only while there is something to see.
  const isMoving = pending > 0 || stage.simulator.account.sessionEndsAt !== undefined;
  if (isMoving && stage.clock.isRunning) stale.add(views.calls).add(views.faults);
  if (stale.size > 0) drawSoon();
}
const drawSoon = eachFrame(draw);
const drawChange = () => {
  for (const view of Object.values(views)) stale.add(view);
  drawSoon();
};

/** Begins a new stage. Nothing is sent by it, wherever the address comes from. */
function begin(): void {
  player?.stop();
  stage?.end();
  feed.clear();
  for (const part of [machine, recovery, calls, facts, history, time]) part.clear();

  const story = place.path ? makePathStory(place.path) : stories[place.story];
  const options: StageOptions = place.path
    ? { isByHand: true, recovers: false, world: {} }
    : story
      ? {
          isByHand: false,
          recovers: story.recovers ?? false,
          isBank: story.isBank,
          world: { ...story.world, latencyMs: [350, 500] },
          policy: story.policy,
        }
      : {
          isByHand: place.isByHand,
          recovers: withRecovery.checked && !place.isByHand,
          world: faults.world,
        };
  withRecovery.checked = options.recovers;
  withRecovery.disabled = story !== undefined || place.isByHand;
  let begun: Stage | undefined;
  const record = () =>
    history.record({
      at: begun?.clock.now() ?? Date.now(),
      calls: begun?.journal.calls.length ?? 0,
      client: machine.now,
      recovery: recovery.now,
    });
  const isPast = () => begun !== undefined && begun !== stage;
  const next = createStage(options, {
    change() {
      if (begun !== stage) return; // what an ended stage still says
      player?.look();
      drawChange();
    },
    inspected(message) {
      if (isPast()) return;
      feed.publish(message);
      machine.hear(message);
      record();
      stale.add(views.machine);
    },
    inspectedRecovery(message) {
      if (isPast()) return;
      feed.publish(message);
      recovery.hear(message);
      record();
    },
  });
  begun = next;
  stage = next;
  player = story && createStoryPlayer(story, next, hands, drawChange);
  window.playground = { strongAuth: next.client, simulator: next.simulator };
  for (const mode of modes) mode.checked = (mode.value === 'hand') === place.isByHand;
  faultsPanel.hidden = place.isByHand || next.bank !== undefined; // the bank has no faults to add
  deskPanel.hidden = !place.isByHand;
  drawChange();
}

/** @param how Whether the way back leads to where one was. */
function go(next: Place, how: 'next' | 'here'): void {
  place = next;
  if (how === 'next') window.history.pushState(null, '', addressOf(place));
  else window.history.replaceState(null, '', addressOf(place));
  begin();
}

withRecovery.addEventListener('change', () => go(place, 'here'));
for (const mode of modes)
  mode.addEventListener('change', () => go({ story: '', isByHand: mode.value === 'hand' }, 'next'));
window.addEventListener('popstate', () => {
  place = readPlace();
  begin();
});
inspector.addEventListener('click', (event) => {
  event.preventDefault();
  window.open(inspector.href, 'strong-auth-inspector');
});
bindTheme(() => {
  calls.restyle();
  drawChange();
});
// What scrolls can be scrolled by keyboard, also where there is nothing in it to focus.
for (const scroller of document.querySelectorAll<HTMLElement>('.scroller')) scroller.tabIndex = 0;
begin();
