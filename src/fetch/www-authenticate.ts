/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export interface AuthenticateChallenge {
  /** The scheme in lower case, such as `bearer`. */
  readonly scheme: string;
  /** The parameters by their names in lower case, unquoted. Of one that is repeated, the first. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * After what separates challenges and parameters (some servers use a semicolon, or nothing but a space): a parameter with its value,
 * quoted or not (servers leave quotes out around URLs too); or a scheme, perhaps with a token68, which is told from a parameter by
 * what comes after it.
 */
const PART =
  /[\s,;]*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*))|[ \t]+[\w.~+/-]+=*(?=\s*(?:,|$)))?/gsy;

/**
 * Reads a `WWW-Authenticate` header with any number of challenges; several headers reach a script joined by commas.
 *
 * @returns The challenges in their order. Of a header that is malformed, what comes before the defect.
 */
export function parseAuthenticate(header: string): AuthenticateChallenge[] {
  const challenges: AuthenticateChallenge[] = [];
  let parameters: Record<string, string> | undefined;
  for (const [, name, quoted, plain] of header.matchAll(PART)) {
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? plain;
    const key = (name as string).toLowerCase();
    if (value === undefined) {
      parameters = Object.create(null) as Record<string, string>; // in which nothing is inherited
      challenges.push({ scheme: key, parameters });
    } else if (parameters) parameters[key] ??= value;
  }
  return challenges;
}
