import type { Send } from '../envelope.js';

/** The commands in memory: each needs three looks. */
export function createFakePolled() {
  const seen = { started: [] as string[], looks: 0, upgrades: 0, challenged: 0 };
  const looksLeft = new Map<string, number>();
  let strong: string | undefined;
  const send: Send = async (request) => {
    const token = request.headers.get('authorization')?.slice('Bearer '.length);
    const { pin, command, id } = await request.json();
    const { pathname } = new URL(request.url);
    if (pathname === '/upgrade') {
      if (pin !== '1234') return Response.json({ error: 'wrong_pin' }, { status: 403 });
      seen.upgrades += 1;
      strong = `strong-${seen.upgrades}`;
      return Response.json({ token: strong });
    }
    if (token !== strong) {
      seen.challenged += 1;
      return Response.json({ error: 'token_too_weak' }, { status: 401 });
    }
    if (pathname === '/start') {
      seen.started.push(command);
      looksLeft.set(`id-${command}`, 3);
      return Response.json({ id: `id-${command}` }, { status: 202 });
    }
    seen.looks += 1;
    const left = (looksLeft.get(id) ?? 0) - 1;
    looksLeft.set(id, left);
    return Response.json({ state: left > 0 ? 'running' : 'done' });
  };
  return {
    ...{ seen, send },
    /** The upgraded token is too weak from now on. */
    weaken() {
      strong = undefined;
    },
  };
}
