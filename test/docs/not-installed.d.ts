/*
 * Packages that the documentation imports and that are not installed here: their exports are not checked, what is done with the
 * package's own is.
 */
declare module 'react-native';
declare module '@capacitor/core';
