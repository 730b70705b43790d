import { fieldsOf } from './read.js';
import type { Session, Taken } from './session.js';

const FORMAT = 'strong-auth-machine inspector session';
const VERSION = 1;
/** The largest file that is opened, in bytes. */
const LARGEST_FILE = 256 * 1024 * 1024;

/** @returns A session as the text of a file. */
export function writeSession(session: Session): string {
  const messages = [...session.beginnings(), ...session.messages].map(({ source, message }) => ({
    source,
    message,
  }));
  return JSON.stringify({ format: FORMAT, version: VERSION, messages });
}

/** @returns The messages in the text of a file; nothing if it is no session of this version. */
export function readSession(text: string): Taken[] | undefined {
  try {
    const { format, version, messages } = fieldsOf(JSON.parse(text));
    if (format !== FORMAT || version !== VERSION || !Array.isArray(messages)) return undefined;
    return messages.map((entry) => {
      const { source, message } = fieldsOf(entry);
      return { source: String(source), message };
    });
  } catch {
    return undefined;
  }
}

/** Has the browser store a session. */
export function saveSession(session: Session): void {
  const url = URL.createObjectURL(new Blob([writeSession(session)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `inspector-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** @returns What a file holds; nothing if it is too large, or no session. */
export const openSession = async (file: File): Promise<Taken[] | undefined> =>
  file.size > LARGEST_FILE ? undefined : readSession(await file.text());
