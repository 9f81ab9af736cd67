import type { MailText } from "../backend";
import type { Language } from "../backend/generated/Language";
import type { MailboxRow } from "../backend/generated/MailboxRow";
import type { Provider } from "../backend/generated/Provider";
import { m } from "../paraglide/messages";

/** A text for a person to send with their own means. */
export type Message = MailText;

type Sender = { sender: string };
type In = { locale: Language };

const PROVIDERS: Record<Provider, (inputs: Record<string, never>, options: In) => string> = {
  google: m.message_provider_google,
  microsoft365: m.message_provider_microsoft365,
  outlook_com: m.message_provider_outlook_com,
  imap: m.message_provider_imap,
  hosted: m.message_provider_hosted,
};

/** Asks the owner of a mailbox to disconnect it, in the owner's language. It goes to that very mailbox. */
export function ownerMessage(row: MailboxRow, { sender }: Sender, locale: Language): Message {
  const { address } = row;
  const name = m.message_name_polite({ name: row.owner?.name ?? address }, { locale });
  const provider = PROVIDERS[row.provider]({}, { locale });
  return {
    to: address,
    subject: m.message_owner_subject({ address }, { locale }),
    body: m.message_owner_body({ name, address, provider, sender }, { locale }),
  };
}

/** Tells the people of a team address that it is being disconnected. Their addresses are not known here. */
export function teamMessage(row: MailboxRow, inbox: string, { sender }: Sender, locale: Language): Message {
  const { address } = row;
  const polite = row.told.map(({ name }) => m.message_name_polite({ name }, { locale }));
  const names = polite.join(m.list_comma({}, { locale }));
  return {
    to: null,
    subject: m.message_team_subject({ address }, { locale }),
    body: m.message_team_body({ names, address, inbox, sender }, { locale }),
  };
}

/** The language that all readers share, else the one that is given. */
export function readersLanguage(languages: (Language | null)[], otherwise: Language): Language {
  const [first = null] = languages;
  const shared = languages.every((language) => language === first) ? first : null;
  return shared ?? otherwise;
}
