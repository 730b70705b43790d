import { transportChecks } from 'strong-auth-machine/testing';
import { describe, test } from 'vitest';
import { createFakeReactNative } from './fakes/react-native.js';
import { createReactNativeTransport } from './react-native.js';

const checks = transportChecks({
  createTransport(sdk) {
    const { module, events } = createFakeReactNative(sdk); // your native half, with `sdk` for the real SDK
    return createReactNativeTransport(module, events); // your transport, as the app makes it
  },
});

describe('our bridge', () => {
  test.each(checks)('$title', ({ run }) => run());
});
