import { useLayoutEffect } from "react";
import type { Appearance } from "../backend/generated/Appearance";

/** Puts the chosen appearance, or the system's, on the document. */
export function useAppearance(appearance: Appearance): void {
  useLayoutEffect(() => {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const dark = appearance === "system" ? system.matches : appearance === "dark";
      document.documentElement.dataset.theme = dark ? "dark" : "light";
    };
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [appearance]);
}
