/** What the picture itself says, in the language of its document: the page's may have changed since. */

import { type Key, localeOf, message } from "../../i18n";

export type Say = (key: Key, values?: Record<string, string | number>) => string;

export const words = (language: string): Say => (key, values) => message(localeOf(language), key, values);
