import { createContext, type ReactNode, useContext, useLayoutEffect } from "react";
import { I18nProvider } from "react-aria-components";
import type { Language } from "../backend/generated/Language";
import { getLocale, setLocale } from "../paraglide/runtime";

const LocaleContext = createContext<Language>("en");

/** The language of the words on the screen. */
export const useLocale = (): Language => useContext(LocaleContext);

/**
 * Sets the language for everything below. The words come from functions that look at a global, so that
 * global has to be right before anything below renders.
 */
export function LocaleProvider({ language, children }: { language: Language; children: ReactNode }) {
  if (getLocale() !== language) void setLocale(language, { reload: false });
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <LocaleContext value={language}>
      <I18nProvider locale={language === "ja" ? "ja-JP" : "en-US"}>{children}</I18nProvider>
    </LocaleContext>
  );
}
