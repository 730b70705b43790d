import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSHandle } from 'quickjs-emscripten-core';
import { root } from '../docs/markdown.js';
import { versionOf } from './app.js';

/** A JavaScript engine without a browser or Node around it. */
export interface Engine {
  readonly name: string;
  /** Where it is found, for the table. */
  readonly from: string;
  /** @returns Its version; undefined where it is not installed. */
  version(): string | undefined;
  /** @returns What the script printed, line by line. */
  run(script: string): string[] | Promise<string[]>;
}

const shell = (command: string, args: readonly string[]): string[] =>
  execFileSync(command, args, { encoding: 'utf8', timeout: 120_000, stdio: 'pipe' }).trim().split('\n');

/** @returns What `read` finds in what the command says of itself; undefined where there is no such command. */
function versionSaidBy(command: string, args: readonly string[], read: RegExp): string | undefined {
  try {
    return read.exec(shell(command, args).join('\n'))?.[1];
  } catch {
    return undefined;
  }
}

/** @returns The version of the first installed package that is called so. */
const versionOfDebian = (pattern: string) =>
  versionSaidBy('dpkg', ['--list', pattern], /^ii +\S+ +([\d.]+)/m);

const PLATFORMS: Readonly<Record<string, string>> = {
  linux: 'linux64-bin/hermes',
  darwin: 'osx-bin/hermes',
  win32: 'win64-bin/hermes.exe',
};
const hermesShell = join(root, 'node_modules/hermes-engine-cli', PLATFORMS[process.platform] ?? 'none');

export const hermes: Engine = {
  name: 'Hermes',
  from: '`hermes-engine-cli` from npm',
  version: () => versionSaidBy(hermesShell, ['-version'], /release version: ([\d.]+)/),
  run: (script) => shell(hermesShell, ['-w', '-O', script]),
};

export const quickJs: Engine = {
  name: 'QuickJS',
  from: '`quickjs-emscripten` from npm',
  version: () => versionOf('@jitl/quickjs-wasmfile-release-sync'),
  run: runInQuickJs,
};

/** QuickJS has no loop of its own: it is given `print` and timers, as an app that embeds it does. */
async function runInQuickJs(script: string): Promise<string[]> {
  const vm = (await newQuickJSWASMModuleFromVariant(variant)).newContext();
  const printed: string[] = [];
  const timers = new Map<number, NodeJS.Timeout>();
  const turn = () => vm.unwrapResult(vm.runtime.executePendingJobs()).toString();
  const define = (name: string, call: (...args: QuickJSHandle[]) => QuickJSHandle | undefined) =>
    vm
      .newFunction(name, (...args) => call(...args) ?? vm.undefined)
      .consume((made) => vm.setProp(vm.global, name, made));
  try {
    await new Promise<void>((resolve, reject) => {
      define('print', (text) => {
        printed.push(text ? vm.getString(text) : '');
        return undefined;
      });
      define('finished', () => {
        resolve();
        return undefined;
      });
      define('setTimeout', (callback, delay) => {
        const kept = callback?.dup();
        const id = timers.size + 1;
        const fire = () => {
          try {
            if (kept) vm.unwrapResult(vm.callFunction(kept, vm.undefined)).dispose();
            turn();
          } catch (error) {
            reject(error);
          } finally {
            kept?.dispose();
          }
        };
        timers.set(id, setTimeout(fire, delay ? vm.getNumber(delay) || 0 : 0));
        return vm.newNumber(id);
      });
      define('clearTimeout', (id) => {
        clearTimeout(id && timers.get(vm.getNumber(id)));
        return undefined;
      });
      vm.unwrapResult(vm.evalCode(readFileSync(script, 'utf8'), 'app.js')).dispose();
      turn();
    });
  } finally {
    for (const timer of timers.values()) clearTimeout(timer);
  }
  return printed;
}

const jscShell = '/usr/bin/jsc';

export const jsc: Engine = {
  name: 'JavaScriptCore',
  from: "Debian's `jsc` (WebKitGTK)",
  version: () => (existsSync(jscShell) ? versionOfDebian('libjavascriptcoregtk-*-bin') : undefined),
  run: (script) => shell(jscShell, [script]),
};

export const spiderMonkey: Engine = {
  name: 'SpiderMonkey',
  from: "Debian's `gjs`",
  version: () => versionOfDebian('gjs') && versionOfDebian('libmozjs-*-0'),
  run(script) {
    // The shell ends with its script, unless a loop of GLib runs; and its console writes a time before each line.
    const looped = script.replace(/\.js$/, '-looped.js');
    writeFileSync(
      looped,
      `const loop = imports.gi.GLib.MainLoop.new(null, false);
globalThis.finished = () => loop.quit();
((console) => {
${readFileSync(script, 'utf8')}
})({ log: print, warn: print, error: print, assert() {} });
loop.run();`,
    );
    return shell('gjs', [looped]);
  },
};

/** Those that every `npm ci` brings, and those that are installed apart. */
export const engines: readonly Engine[] = [hermes, quickJs, jsc, spiderMonkey];
