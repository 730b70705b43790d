import type { Send } from '../envelope.js';

/** The bank in memory. A token is the level of its sign-in, and the scopes that were granted: `pwd`, `mfa cards`. */
export function createFakeBank() {
  const seen = { amounts: [] as number[], limits: [] as number[], challenged: 0 };
  const challenge = (status: 401 | 403, parameters: string) => {
    seen.challenged += 1;
    const header = `Basic realm="bank, old", Bearer ${parameters}`;
    return new Response('', { status, headers: { 'www-authenticate': header } });
  };
  const balance = () => seen.amounts.reduce((rest, amount) => rest - amount, 100);
  const send: Send = async (request) => {
    const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
    const [level, ...scopes] = token.split(' ');
    const { pathname } = new URL(request.url);
    if (pathname === '/card' && !scopes.includes('cards'))
      return challenge(403, 'error="insufficient_scope", scope="cards"');
    if (level !== 'mfa')
      return challenge(401, 'error="insufficient_user_authentication", acr_values="mfa", max_age=300');
    if (pathname === '/balance') return Response.json({ balance: balance() });
    if (pathname === '/card') {
      const { limit } = await request.json();
      seen.limits.push(limit);
      return Response.json({ limit });
    }
    const { amount } = await request.json();
    if (amount > balance()) return Response.json({ error: 'too_much' }, { status: 422 });
    seen.amounts.push(amount);
    return Response.json({ id: `transfer-${amount}` });
  };
  return { seen, send };
}
