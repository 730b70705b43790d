import { parseAuthenticate } from 'strong-auth-machine/fetch';
import { describe, expect, test } from 'vitest';

const inShort = (header: string) =>
  parseAuthenticate(header).map(({ scheme, parameters }) => [scheme, { ...parameters }]);

describe('a WWW-Authenticate header', () => {
  test.each<[string, string, [string, Record<string, string>][]]>([
    ['nothing', '', []],
    ['only commas and spaces', ' , ,, ', []],
    ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
    [
      'RFC 9470',
      'Bearer error="insufficient_user_authentication", error_description="A different level, please", acr_values="myACR phr", max_age="5"',
      [
        [
          'bearer',
          {
            error: 'insufficient_user_authentication',
            error_description: 'A different level, please',
            acr_values: 'myACR phr',
            max_age: '5',
          },
        ],
      ],
    ],
    [
      'several challenges (RFC 9110)',
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    [
      'the same the other way round, with an empty element',
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"",, Basic realm="simple"',
      [
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
        ['basic', { realm: 'simple' }],
      ],
    ],
    [
      'token68 between others',
      'Negotiate YII+/w.-_~==, Bearer scope="a b", NTLM abc',
      [
        ['negotiate', {}],
        ['bearer', { scope: 'a b' }],
        ['ntlm', {}],
      ],
    ],
    [
      'token68 after more than a space',
      'Negotiate \tYII==, Bearer scope="a"',
      [
        ['negotiate', {}],
        ['bearer', { scope: 'a' }],
      ],
    ],
    [
      'schemes without parameters',
      'DPoP, Bearer, Basic realm=x',
      [
        ['dpop', {}],
        ['bearer', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'upper case, and space around the sign',
      'BEARER Error = "insufficient_scope" , SCOPE\t=\twrite',
      [['bearer', { error: 'insufficient_scope', scope: 'write' }]],
    ],
    [
      'commas, equals signs and schemes in a quoted text',
      'Bearer realm="a, Basic realm=x, b=", error="e"',
      [['bearer', { realm: 'a, Basic realm=x, b=', error: 'e' }]],
    ],
    ['an escaped backslash at the end', 'Bearer a="x\\\\", b=c', [['bearer', { a: 'x\\', b: 'c' }]]],
    ['an empty value', 'Bearer realm="", error=e', [['bearer', { realm: '', error: 'e' }]]],
    [
      'what servers send without commas, or with semicolons',
      'Bearer realm="x" error="e"; scope="s"',
      [['bearer', { realm: 'x', error: 'e', scope: 's' }]],
    ],
    [
      'a URL without quotes',
      'Bearer authorization_uri=https://login.example/a?b=c, error=e',
      [['bearer', { authorization_uri: 'https://login.example/a?b=c', error: 'e' }]],
    ],
    ['a parameter twice: the first', 'Bearer error="a", error="b"', [['bearer', { error: 'a' }]]],
    ['a parameter before any scheme', 'realm="x", Bearer error="e"', [['bearer', { error: 'e' }]]],
    [
      'a quote that never ends',
      'Bearer a=b, realm="x" error="e, Basic realm=y',
      [['bearer', { a: 'b', realm: 'x', error: '' }]],
    ],
    [
      'a quote that never ends, at the last',
      'Bearer a=b, realm="x, error=e',
      [['bearer', { a: 'b', realm: '' }]],
    ],
    ['what no grammar knows', 'Bearer a=b, \u0000, error=e', [['bearer', { a: 'b' }]]],
    [
      'a name of every object',
      'Bearer constructor="x", __proto__=y',
      [['bearer', { constructor: 'x', ['__proto__']: 'y' }]],
    ],
  ])('%s', (_, header, expected) => {
    expect(inShort(header)).toEqual(expected);
  });

  test('of a megabyte is read in one go', () => {
    const long = 'a'.repeat(1_000_000);
    for (const header of [
      long,
      `Bearer a="${long}`,
      `Bearer ${long}"`,
      `Bearer a="${'\\"'.repeat(500_000)}`,
      ', '.repeat(500_000),
    ])
      expect(parseAuthenticate(header).length).toBeLessThan(3);
    expect(parseAuthenticate(`Bearer a="${long}"`)[0]?.parameters.a).toHaveLength(1_000_000);
    expect(parseAuthenticate('Bearer a=b, '.repeat(80_000))).toHaveLength(80_000);
  });
});
