import type { Language } from "../../backend/generated/Language";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { organisationWords } from "../../words/admin";
import { whenWords } from "../../words/times";
import css from "./Access.module.css";

/** What "not used" rests on, for each organisation: how far the audit log was read, or why it is not known. */
export function UsesKnown({ organisations }: { organisations: OrganisationView[] }) {
  const locale = useLocale();
  return (
    <ul className={css.about} data-testid="uses-known">
      {organisations.map((one) => (
        <li key={one.id}>
          <T>{usesWords(one, locale)}</T>
        </li>
      ))}
    </ul>
  );
}

export function usesWords(one: OrganisationView, locale: Language): string {
  const organisation = organisationWords(one);
  const log = one.searched?.log;
  if (log && !log.tells_uses) return m.log_uses_not_told({ organisation });
  if (log?.read && log.from && log.at)
    return m.log_uses_known({
      organisation,
      from: whenWords(log.from, locale),
      at: whenWords(log.at, locale),
    });
  if (log?.why === "not_permitted") return m.log_uses_not_permitted({ organisation });
  return m.log_uses_not_read({ organisation });
}
