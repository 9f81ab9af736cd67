import { useDeferredValue, useState } from "react";
import type { InboxView } from "../../backend/generated/InboxView";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import css from "../email/Email.module.css";
import { MailboxList } from "../email/MailboxList";
import type { RowAction } from "../email/MailboxRow";
import { useRowActions } from "../email/rowActions";
import { OtherChannels } from "./OtherChannels";

/** From here on a list is long enough to be searched. */
const MANY = 8;

type Props = {
  inbox: InboxView;
  /** A disconnect above wants the strong button. */
  urgent: boolean;
  onOpen: () => void;
  onAction: (row: MailboxRow, action: RowAction) => void;
};

/** The channels of one inbox: team addresses, and then the kinds that are only shown. */
export function ChannelCard({ inbox, urgent, onOpen, onAction }: Props) {
  const { channels, other_channels } = useOverview();
  const [text, setText] = useState("");
  const { act, busy, note, failed, forget } = useRowActions(onAction);
  const rows = channels.filter((row) => row.inbox === inbox.id);
  const others = other_channels.filter((channel) => channel.inbox === inbox.id);
  const wanted = useDeferredValue(text.trim().toLocaleLowerCase());
  const shown = wanted ? rows.filter((row) => row.address.toLocaleLowerCase().includes(wanted)) : rows;
  const failedElsewhere = failed && !shown.some((row) => row.id === failed.row.id) ? failed : null;

  return (
    <Card
      flush
      testid="channel-card"
      title={m.channels_of({ inbox: inbox.name })}
      aside={
        <>
          <span className={css.count} role="status">
            {wanted
              ? m.email_found({ count: shown.length, total: rows.length })
              : m.channels_count({ count: rows.length + others.length })}
          </span>
          <span className={css.spring} />
          <Button tone={urgent ? "plain" : "strong"} onPress={onOpen} data-testid="open-channel">
            {m.channel_connect()}
          </Button>
        </>
      }
    >
      {rows.length >= MANY && (
        <div className={css.filter}>
          <TextField
            label={m.email_search()}
            hideLabel
            placeholder={m.email_search()}
            type="search"
            value={text}
            onChange={setText}
            testid="channel-search"
          />
        </div>
      )}
      {failedElsewhere && (
        <div className={css.note}>
          <ErrorNote failure={failedElsewhere.failure} onDismiss={forget} />
        </div>
      )}
      {rows.length === 0 && (
        <div className={css.empty} data-testid="channels-empty">
          <h3>{m.channels_empty_title()}</h3>
          <p>
            <T>{m.channels_empty_text()}</T>
          </p>
        </div>
      )}
      {rows.length > 0 && shown.length === 0 && (
        <div className={css.empty}>
          <p>
            <T>{m.email_none_found({ text })}</T>
          </p>
        </div>
      )}
      {shown.length > 0 && (
        <MailboxList
          rows={shown}
          label={m.channels_of({ inbox: inbox.name })}
          about="connection"
          testid="channel-list"
          busy={busy}
          note={note}
          onAction={act}
        />
      )}
      {others.length > 0 && <OtherChannels channels={others} />}
    </Card>
  );
}
