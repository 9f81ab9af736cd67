import { useEffect, useState } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Picker } from "../../components/Field";
import { MenuButton } from "../../components/MenuButton";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { focusIsLost } from "../../state/focus";
import { useOverview } from "../../state/overview";
import { type ChannelsOpen, go, goInstead, type Route } from "../../state/route";
import { ConnectDialog } from "../email/ConnectDialog";
import { DoneList } from "../email/DoneList";
import email from "../email/Email.module.css";
import { FinishSection } from "../email/FinishSection";
import { focusRow } from "../email/MailboxList";
import type { RowAction } from "../email/MailboxRow";
import { RowDialogs, type RowQuestion } from "../email/RowDialogs";
import { useJobs } from "../email/useJobs";
import { ChannelCard } from "./ChannelCard";
import { ChannelDialog, type ChannelWay } from "./ChannelDialog";
import css from "./Channels.module.css";
import { AccessDialog, DeleteInboxDialog, InboxDialog } from "./InboxDialogs";

type Props = Omit<Extract<Route, { screen: "channels" }>, "screen">;
type InboxAction = "create" | "rename" | "access" | "delete";
type Asking = { inbox: InboxAction } | { channel: ChannelWay } | "sign_in";

const DIALOGS: Record<ChannelsOpen, Asking> = {
  inbox: { inbox: "create" },
  track: { channel: "track" },
  connect: "sign_in",
  other: { channel: "other" },
};

/** Settings > Inbox > Channels: the team addresses of one inbox. */
export function ChannelsScreen({ inbox: wanted, job, mailbox, open }: Props) {
  const { inboxes, disconnects, me } = useOverview();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [about, setAbout] = useState<RowQuestion | null>(null);
  const jobs = useJobs(
    disconnects.filter((card) => card.inbox !== null),
    job,
  );
  const ofJob = disconnects.find((card) => card.id === job)?.inbox?.id;
  const inbox = inboxes.find((one) => one.id === (wanted ?? ofJob)) ?? inboxes[0];
  const stay = inbox ? { inbox: inbox.id } : {};

  useEffect(() => {
    if (!open) return;
    setAsking(DIALOGS[open]);
    goInstead({ screen: "channels", ...(wanted ? { inbox: wanted } : {}) });
  }, [open, wanted]);
  useEffect(() => {
    if (mailbox && !job) focusRow(mailbox);
  }, [mailbox, job]);

  const toJob = (id: string | null | undefined) => {
    if (!id) return;
    go({ screen: "channels", ...stay, job: id });
  };
  const act = (row: MailboxRow, action: RowAction) =>
    action === "finish" ? toJob(row.disconnect) : setAbout({ row, action });
  const close = () => setAsking(null);
  const closeRow = () => {
    const row = about?.row.id;
    setAbout(null);
    // The button that opened the dialog is another one now; the dialog's own way back leads nowhere then.
    if (row) window.setTimeout(() => focusIsLost() && focusRow(row), 50);
  };
  const asked = typeof asking === "object" && asking !== null ? asking : null;
  const aboutInbox = asked && "inbox" in asked ? asked.inbox : null;

  return (
    <div className={email.screen}>
      <h1 className={css.title}>{m.channels_heading()}</h1>
      <div className={css.bar}>
        {inbox && (
          <div className={css.view}>
            <Picker
              label={m.inbox_view()}
              value={inbox.id}
              onChange={(id) => goInstead({ screen: "channels", inbox: id })}
              choices={inboxes.map(({ id, name }) => ({ key: id, label: name, testid: `inbox-${id}` }))}
              testid="inbox-switch"
            />
          </div>
        )}
        {(me.super_admin || inbox?.manage) && (
          <MenuButton<InboxAction>
            label={m.inbox_actions()}
            choices={[
              ...(me.super_admin ? [{ key: "create" as const, label: m.inbox_create() }] : []),
              ...(inbox?.manage
                ? [
                    { key: "rename" as const, label: m.inbox_rename() },
                    { key: "access" as const, label: m.inbox_access() },
                    { key: "delete" as const, label: m.inbox_delete() },
                  ]
                : []),
            ].map((choice) => ({ ...choice, testid: `inbox-${choice.key}` }))}
            onChoose={(key) => setAsking({ inbox: key })}
            data-testid="inbox-actions"
          >
            {m.inbox_actions()}
          </MenuButton>
        )}
      </div>

      <FinishSection cards={jobs.inPlace} focused={job} onWatch={jobs.watch} onPutAway={jobs.putAway} />
      {inbox ? (
        <ChannelCard
          key={inbox.id}
          inbox={inbox}
          urgent={jobs.urgent}
          onOpen={() => setAsking({ channel: "track" })}
          onAction={act}
        />
      ) : (
        <Card title={m.no_inbox_title()} testid="no-inbox">
          <div className={css.none}>
            <p>
              <T>{me.super_admin ? m.no_inbox_admin() : m.no_inbox_access()}</T>
            </p>
            {me.super_admin && (
              <Button tone="strong" onPress={() => setAsking({ inbox: "create" })} data-testid="open-inbox">
                {m.inbox_create()}
              </Button>
            )}
          </div>
        </Card>
      )}
      <DoneList cards={jobs.done} focused={job} />

      {about && <RowDialogs asking={about} onClose={closeRow} onGuide={toJob} />}
      {(aboutInbox === "create" || (aboutInbox === "rename" && inbox)) && (
        <InboxDialog
          inbox={aboutInbox === "rename" && inbox ? inbox : null}
          onClose={close}
          onCreated={(id) => goInstead({ screen: "channels", inbox: id })}
        />
      )}
      {inbox && aboutInbox === "access" && <AccessDialog inbox={inbox} onClose={close} />}
      {inbox && aboutInbox === "delete" && <DeleteInboxDialog inbox={inbox} onClose={close} />}
      {inbox && asked && "channel" in asked && (
        <ChannelDialog
          inbox={inbox}
          begin={asked.channel}
          onClose={close}
          onSignIn={() => setAsking("sign_in")}
        />
      )}
      {inbox && asking === "sign_in" && <ConnectDialog expect={null} inbox={inbox.id} onClose={close} />}
    </div>
  );
}
