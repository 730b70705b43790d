import { spawn } from 'node:child_process';

/*
 * Runs scripts of package.json side by side: `node scripts/side-by-side.mjs lint build`. The output of each is printed when it
 * ends. Exits with 1 if any of them fails.
 */

function run(name) {
  return new Promise((resolve) => {
    const child = spawn(`npm run ${name}`, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('close', (code, signal) => {
      process.stdout.write(output);
      if (code !== 0) console.error(`npm run ${name} failed (${signal ?? `exit code ${code}`}).`);
      resolve(code === 0);
    });
  });
}

const passed = await Promise.all(process.argv.slice(2).map(run));
if (passed.includes(false)) process.exitCode = 1;
