/*
 * Packages that the documentation imports and that are not installed here: of their exports only what the guides use, as their own
 * types have it, so that what is handed to them is checked.
 */
declare module 'react-native' {
  import type { Component, ComponentType, ReactNode } from 'react';

  interface NativeEvent {
    preventDefault(): void;
  }

  export const NativeModules: { readonly Pims: unknown };
  export interface TurboModule {
    getConstants?(): object;
  }
  export const TurboModuleRegistry: { getEnforcing<Module extends TurboModule>(name: string): Module };

  export class NativeEventEmitter {
    constructor(module: { addListener(event: string): void; removeListeners(count: number): void });
    addListener(event: string, listener: (event: never) => void): { remove(): void };
  }

  export const View: ComponentType<{ children?: ReactNode }>;
  export const Text: ComponentType<{
    children?: ReactNode;
    accessibilityLiveRegion?: 'none' | 'polite' | 'assertive';
  }>;
  export const Button: ComponentType<{
    title: string;
    onPress(event: NativeEvent): void;
    disabled?: boolean;
  }>;
  export class TextInput extends Component<{
    accessibilityLabel?: string;
    autoFocus?: boolean;
    onChangeText?(text: string): void;
    onSubmitEditing?(event: NativeEvent): void;
    secureTextEntry?: boolean;
    inputMode?: 'numeric' | 'text';
    autoComplete?: 'off';
  }> {
    clear(): void;
  }
}
declare module '@capacitor/core' {
  export function registerPlugin<Plugin>(name: string): Plugin;
}

declare module 'react-native-app-auth' {
  export function authorize(config: {
    readonly issuer: string;
    readonly clientId: string;
    readonly redirectUrl: string;
    readonly scopes: readonly string[];
    readonly additionalParameters?: Readonly<Record<string, string>>;
  }): Promise<{ readonly accessToken: string }>;
}
