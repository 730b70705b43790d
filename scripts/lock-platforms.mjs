/**
 * Completes package-lock.json with the optional packages of other platforms, which an install leaves out when its registry does
 * not carry them; without them `npm ci` refuses. Run after each change of the dependencies: node scripts/lock-platforms.mjs
 */
import fs from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(fs.readFileSync(file));
const oses = [
  'android',
  'darwin',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'openharmony',
  'linux',
  'win32',
  'wasm32',
];
const cpus = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'mips64el', 'wasm32'];
const add = {};
for (const [path, p] of Object.entries(lock.packages)) {
  delete p.resolved;
  for (const [name, version] of Object.entries(p.optionalDependencies ?? {})) {
    const where = `node_modules/${name}`;
    const nested = `${path}/node_modules/${name}`;
    if (lock.packages[where] || lock.packages[nested] || add[where]) continue;
    const parts = name.split('/').at(-1).split('-');
    const os = oses.find((o) => parts.includes(o));
    const cpu = cpus.find((c) => parts.includes(c));
    if (!os && !cpu) {
      console.log('no platform in', name);
      continue;
    }
    const libc = parts.some((x) => x.startsWith('musl')) ? ['musl'] : os === 'linux' ? ['glibc'] : undefined;
    add[where] = {
      version: version.replace(/^[\^~]/, ''),
      ...(cpu && { cpu: [cpu] }),
      dev: true,
      ...(libc && { libc }),
      optional: true,
      ...(os && { os: [os] }),
    };
  }
}
console.log(Object.keys(add).length, 'added');
const all = { ...lock.packages, ...add };
lock.packages = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
