import type { Provider } from "../backend/generated/Provider";
import { RowIcon } from "./RowIcon";

/**
 * Drawings of our own, told apart by shape: an envelope in a ring (Google), a briefcase (work account), a
 * person (personal account), a key (password), an arrow into a tray (forwarding). No vendor's logo.
 */
const DRAWINGS: Record<Provider, React.ReactNode> = {
  google: (
    <>
      <circle cx="12" cy="12" r="9.5" />
      <path d="M7 9h10v6.5H7zM7 9.3l5 3.6 5-3.6" />
    </>
  ),
  microsoft365: <path d="M3.5 8h17v11.5h-17zM9 8V5h6v3M3.5 13h17M12 11.8v2.4" />,
  outlook_com: (
    <>
      <circle cx="12" cy="7.8" r="3.8" />
      <path d="M4.5 20c.6-4.6 3.4-6.6 7.5-6.6s6.9 2 7.5 6.6z" />
    </>
  ),
  imap: (
    <>
      <circle cx="8" cy="8.5" r="4.5" />
      <path d="M11.2 11.7l8.3 8.3M16.2 16.7l2.4-2.4M13.6 14.1l1.6-1.6" />
    </>
  ),
  hosted: <path d="M12 3.5v9.5M8.2 9.4L12 13.2l3.8-3.8M3.5 14v5.5h17V14" />,
};

/** The provider's drawing. The provider stands in words in the same row, so this one is silent. */
export function ProviderIcon({ provider, muted = false }: { provider: Provider; muted?: boolean }) {
  return <RowIcon muted={muted}>{DRAWINGS[provider]}</RowIcon>;
}
