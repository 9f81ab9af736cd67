import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Card } from "../../components/Card";
import { Picker } from "../../components/Field";
import { ProviderIcon } from "../../components/ProviderIcon";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useOverview } from "../../state/overview";
import { goInstead, toHash } from "../../state/route";
import { consentSide, crmSide } from "../../words/sides";
import { SideView } from "../email/MailboxRow";
import css from "./Inbox.module.css";

/** Conversations > Inbox: no mail is read here. It shows what the inbox is fed by, and leads to its settings. */
export function InboxScreen({ inbox: wanted }: { inbox?: string }) {
  const { inboxes, channels } = useOverview();
  const inbox = inboxes.find((one) => one.id === wanted) ?? inboxes[0];
  const rows = channels.filter((row) => row.inbox === inbox?.id);

  return (
    <>
      <p className={css.path}>{m.nav_conversations()}</p>
      <h1 className={css.title}>{m.inbox_heading()}</h1>
      <div className={css.screen}>
        <div className={css.side}>
          {inbox && (
            <Picker
              label={m.inbox_view()}
              value={inbox.id}
              onChange={(id) => goInstead({ screen: "inbox", inbox: id })}
              choices={inboxes.map(({ id, name }) => ({ key: id, label: name }))}
              testid="inbox-switch"
            />
          )}
          <p className={css.faint}>
            <T>{m.inbox_no_mail()}</T>
          </p>
          <a
            className={css.settings}
            href={toHash({ screen: "channels", ...(inbox ? { inbox: inbox.id } : {}) })}
            data-testid="inbox-settings"
          >
            {m.inbox_settings()}
          </a>
        </div>
        <Card
          flush
          title={inbox?.name ?? m.no_inbox_title()}
          aside={<span className={css.faint}>{m.inbox_addresses({ count: rows.length })}</span>}
          testid="inbox-card"
        >
          {rows.length === 0 ? (
            <p className={css.empty}>
              <T>{inbox ? m.inbox_empty() : m.inbox_none()}</T>
            </p>
          ) : (
            <ul aria-label={inbox?.name}>
              {rows.map((row) => (
                <Line key={row.id} row={row} />
              ))}
            </ul>
          )}
          {inbox && (
            <p className={css.to}>
              <a
                className={css.link}
                href={toHash({ screen: "channels", inbox: inbox.id })}
                data-testid="inbox-channels"
              >
                {m.inbox_to_channels()}
              </a>
            </p>
          )}
        </Card>
      </div>
    </>
  );
}

/** An address with both sides at a glance, and nothing to press. */
function Line({ row }: { row: MailboxRow }) {
  const locale = useLocale();
  return (
    <li className={css.line} data-testid="inbox-address" data-address={row.address}>
      <ProviderIcon provider={row.provider} />
      <span className={css.address}>{row.address}</span>
      <SideView side={crmSide(row, locale)} testid="crm-side" />
      <SideView side={consentSide(row, locale)} testid="provider-side" />
    </li>
  );
}
