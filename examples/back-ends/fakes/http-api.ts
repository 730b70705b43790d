import type { Send } from '../envelope.js';

/** The bank in memory: the token is the level itself. */
export function createFakeBank() {
  const seen = { amounts: [] as number[], challenged: 0 };
  const challenge = (acr: string) => {
    seen.challenged += 1;
    const header = `Basic realm="bank, old", Bearer error="insufficient_user_authentication", acr_values="${acr}", max_age=300`;
    return new Response('', { status: 401, headers: { 'www-authenticate': header } });
  };
  const send: Send = async (request) => {
    const level = request.headers.get('authorization')?.slice('Bearer '.length);
    const { pathname } = new URL(request.url);
    if (level !== 'mfa') return challenge('mfa');
    if (pathname === '/balance') return Response.json({ balance: 100 });
    const { amount } = await request.json();
    if (amount > 100) return Response.json({ error: 'too_much' }, { status: 422 });
    seen.amounts.push(amount);
    return Response.json({ id: `transfer-${amount}` });
  };
  return { seen, send };
}
