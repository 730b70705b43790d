import type { Client, Contender } from './contender.js';
import { API, failed, OK, PARAMETERS, Stage } from './scripted.js';

/** Long enough for everything that does not hang, on a slow machine. */
const PATIENCE_MS = 500;
/** The package is given short time limits, so that nobody has to wait for them; the others have none to set. */
const TIMEOUT_MS = 100;

interface Probe {
  /** What is right, as a row of the table. */
  readonly title: string;
  /** @returns What went wrong, in a few words; nothing if all is right. */
  run(stage: Stage, client: Client): Promise<string | undefined>;
}

/** A promise that is settled by hand. */
function byHand<T>() {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/** Lets everything that can happen by itself happen. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 20));

type Ending = 'answered' | 'rejected' | 'hangs';

async function endingOf(call: Promise<unknown>): Promise<Ending> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve('hangs'), PATIENCE_MS);
  });
  const ending = call.then(
    (): Ending => 'answered',
    (): Ending => 'rejected',
  );
  try {
    return await Promise.race([ending, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** What each call has to end with, and how often the user is asked. */
const expected = (
  endings: readonly Ending[],
  right: Ending,
  { prompts }: Stage,
  mostPrompts: number,
): string | undefined => {
  if (endings.includes('hangs')) return right === 'hangs' ? undefined : 'hangs';
  if (prompts > mostPrompts) return `prompts ${prompts} times`;
  const wrong = endings.filter((ending) => ending !== right).length;
  if (wrong === 0) return undefined;
  return right === 'answered' ? `loses ${wrong} of ${endings.length} calls` : 'answers all the same';
};

const probes: readonly Probe[] = [
  {
    title: 'Three calls challenged together: one prompt, one OTP, three answers',
    async run(stage, client) {
      const calls = [1, 2, 3].map((n) => endingOf(client.get(API, { n })));
      return (
        expected(await Promise.all(calls), 'answered', stage, 1) ??
        (stage.otps === 1 ? undefined : `${stage.otps} OTPs`)
      );
    },
  },
  {
    title: 'The code comes as the string `"2302"`',
    async run(stage, client) {
      stage.onCall = () => (stage.isStrong ? OK : failed('2302'));
      return expected([await endingOf(client.get(API, PARAMETERS))], 'answered', stage, 1);
    },
  },
  {
    title: 'The OTP is answered 2312: once more with `resetStep`, no second prompt',
    async run(stage, client) {
      stage.onOtp = ({ parameters }) => (parameters.resetStep ? stage.grant() : failed(2312));
      return expected([await endingOf(client.get(API, PARAMETERS))], 'answered', stage, 1);
    },
  },
  {
    title: 'A wrong PIN (2308): asked again, while the calls wait',
    async run(stage, client) {
      stage.onOtp = () => (stage.prompts > 1 ? stage.grant() : failed(2308));
      const calls = [1, 2].map((n) => endingOf(client.get(API, { n })));
      return expected(await Promise.all(calls), 'answered', stage, 2);
    },
  },
  {
    title: 'A call that is not challenged, made while the user is asked, is answered meanwhile',
    async run(stage, client) {
      stage.onPrompt = () => new Promise<never>(() => {});
      stage.onCall = ({ parameters }) => (parameters.n === 1 ? failed(2302) : OK);
      void endingOf(client.get(API, { n: 1 }));
      await breath();
      return expected([await endingOf(client.get(API, { n: 2 }))], 'answered', stage, 1);
    },
  },
  {
    title: 'A challenge that comes after the grant: sent again, no second prompt',
    async run(stage, client) {
      const late = byHand<ReturnType<typeof failed>>();
      stage.onCall = ({ parameters }) => {
        const isFirst = stage.sent.filter((request) => request.parameters.n === parameters.n).length === 1;
        if (!isFirst) return OK;
        return parameters.n === 1 ? failed(2302) : late.promise;
      };
      const calls = [1, 2].map((n) => endingOf(client.get(API, { n })));
      await calls[0];
      late.settle(failed(2302));
      return expected(await Promise.all(calls), 'answered', stage, 1);
    },
  },
  {
    title: 'Challenged again after the grant: rejected, no second prompt',
    async run(stage, client) {
      stage.onCall = () => failed(2302);
      return expected([await endingOf(client.get(API, PARAMETERS))], 'rejected', stage, 1);
    },
  },
  {
    title: 'The user declines: the call is rejected, and the next one asks again',
    async run(stage, client) {
      stage.onPrompt = () => (stage.prompts === 1 ? null : '1234');
      const first = await endingOf(client.get(API, PARAMETERS));
      const second = await endingOf(client.get(API, PARAMETERS));
      if (first !== 'rejected') return first === 'hangs' ? 'hangs' : 'answers all the same';
      return expected([second], 'answered', stage, 2);
    },
  },
  {
    title: 'Cancelled at the prompt: the calls are rejected at once, without the user',
    async run(stage, client) {
      stage.onPrompt = () => new Promise<never>(() => {});
      const call = endingOf(client.get(API, PARAMETERS));
      await breath();
      client.cancel();
      return expected([await call], 'rejected', stage, 1);
    },
  },
  {
    title: 'Cancelled while the OTP is on its way, which is then granted: nothing is sent again',
    async run(stage, client) {
      const otp = byHand<typeof OK>();
      stage.onOtp = () => otp.promise.then(() => stage.grant());
      const call = endingOf(client.get(API, PARAMETERS));
      await breath();
      client.cancel();
      otp.settle(OK);
      const ending = await call;
      await breath();
      if (stage.sent.length > 1) return 'sends again after the cancel';
      return expected([ending], 'rejected', stage, 1);
    },
  },
  {
    title: 'A call after a cancel, while the old OTP is on its way: the user is asked for it',
    async run(stage, client) {
      const otp = byHand<typeof OK>();
      stage.onOtp = () => (stage.otps === 1 ? otp.promise : stage.grant());
      const old = endingOf(client.get(API, { n: 1 }));
      await breath();
      client.cancel();
      await breath();
      const next = endingOf(client.get(API, { n: 2 }));
      await breath();
      otp.settle(failed(2204));
      await old;
      const wrong = expected([await next], 'answered', stage, 2);
      return wrong ?? (stage.prompts === 2 ? undefined : 'uses the PIN of the cancelled attempt');
    },
  },
  {
    title: 'One of two waiting callers aborts: it alone is rejected, at once, and not sent again',
    async run(stage, client) {
      const pin = byHand<string>();
      stage.onPrompt = () => pin.promise;
      const controller = new AbortController();
      const leaving = endingOf(client.get(API, { n: 1 }, controller.signal));
      const staying = endingOf(client.get(API, { n: 2 }));
      await breath();
      controller.abort();
      const isOver = await Promise.race([leaving, breath().then(() => undefined)]);
      pin.settle('1234');
      const [left, stayed] = await Promise.all([leaving, staying]);
      if (stage.sent.filter(({ parameters }) => parameters.n === 1).length > 1) return 'sends it again';
      if (left !== 'rejected' || !isOver) return 'goes on waiting';
      return expected([stayed], 'answered', stage, 1);
    },
  },
  {
    title: 'The app changes its parameters while the call waits: what was asked is sent',
    async run(stage, client) {
      const parameters = { doors: 'lock' };
      stage.onPrompt = () => {
        parameters.doors = 'unlock';
        return '1234';
      };
      const wrong = expected([await endingOf(client.get(API, parameters))], 'answered', stage, 1);
      return wrong ?? (stage.sent.at(-1)?.parameters.doors === 'lock' ? undefined : 'sends the change');
    },
  },
  {
    title: 'The user never answers: the call ends all the same',
    async run(stage, client) {
      stage.onPrompt = () => new Promise<never>(() => {});
      return expected([await endingOf(client.get(API, PARAMETERS))], 'rejected', stage, 1);
    },
  },
  {
    title: 'The SDK never answers the OTP request: the call ends all the same',
    async run(stage, client) {
      stage.onOtp = () => new Promise<never>(() => {});
      return expected([await endingOf(client.get(API, PARAMETERS))], 'rejected', stage, 1);
    },
  },
];

/** What each contender does in each probe: nothing where all is right. */
export interface Verdict {
  readonly title: string;
  readonly wrong: Readonly<Record<string, string | undefined>>;
}

export async function probe(contenders: readonly Contender[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { title, run } of probes) {
    const wrong: Record<string, string | undefined> = {};
    for (const contender of contenders) {
      const stage = new Stage();
      const client = contender.create(stage, TIMEOUT_MS);
      wrong[contender.name] = await run(stage, client);
      client.dispose();
    }
    verdicts.push({ title, wrong });
  }
  return verdicts;
}
