import type { Send } from '../envelope.js';

const TEN_MINUTES_S = 600;

/** The cars in memory. A command takes until `finish`; a second one for the same car meanwhile is refused. */
export function createFakeCars(now: () => number) {
  const seen = { executed: [] as string[], pins: [] as string[], clashes: 0, challenged: 0 };
  const busy = new Map<string, () => void>();
  let [tokens, expiresAt] = [0, 0];
  const send: Send = async (request) => {
    const { car, action, pin } = await request.json();
    if (new URL(request.url).pathname === '/pin') {
      seen.pins.push(pin);
      if (pin !== '1234') return Response.json({ error: 'wrong_pin' }, { status: 403 });
      tokens += 1;
      expiresAt = now() + TEN_MINUTES_S * 1000;
      return Response.json({ token: `token-${tokens}`, expiresIn: TEN_MINUTES_S });
    }
    const isKnown = request.headers.get('authorization') === `Bearer token-${tokens}` && now() < expiresAt;
    if (!isKnown) {
      seen.challenged += 1;
      return Response.json({ error: 'pin_needed' }, { status: 401 });
    }
    if (busy.has(car)) {
      seen.clashes += 1;
      return Response.json({ error: 'busy' }, { status: 409 });
    }
    await new Promise<void>((resolve) => busy.set(car, resolve));
    busy.delete(car);
    seen.executed.push(`${car} ${action}`);
    return new Response(null, { status: 204 });
  };
  return {
    ...{ seen, send },
    /** The cars that carry out a command now. */
    busy: () => [...busy.keys()],
    /** The car has done what it was told. */
    finish: (car: string) => busy.get(car)?.(),
  };
}
