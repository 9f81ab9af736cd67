import { useEffect, useState } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { focusIsLost } from "../../state/focus";
import { useOverview } from "../../state/overview";
import { go, goInstead } from "../../state/route";
import { ConnectDialog } from "./ConnectDialog";
import { DoneList } from "./DoneList";
import css from "./Email.module.css";
import { FinishSection } from "./FinishSection";
import { MailboxCard } from "./MailboxCard";
import { focusRow } from "./MailboxList";
import type { RowAction } from "./MailboxRow";
import { OthersSection } from "./OthersSection";
import { RowDialogs, type RowQuestion } from "./RowDialogs";
import { TrackDialog } from "./TrackDialog";
import { useJobs } from "./useJobs";

type Props = { job?: string; mailbox?: string; open?: "track" | "connect" };

/**
 * Settings > General > Email. `job` is the disconnect to show, `mailbox` the row, `open` the dialog to begin
 * with.
 */
export function EmailScreen({ job, mailbox, open }: Props) {
  const { mailboxes, others, disconnects } = useOverview();
  const [adding, setAdding] = useState<"track" | "connect" | null>(null);
  const [asking, setAsking] = useState<RowQuestion | null>(null);
  const jobs = useJobs(
    disconnects.filter((card) => card.inbox === null),
    job,
  );

  useEffect(() => {
    if (!open) return;
    setAdding(open);
    goInstead({ screen: "email" });
  }, [open]);
  useEffect(() => {
    if (mailbox && !job) focusRow(mailbox);
  }, [mailbox, job]);

  const toJob = (id: string | null | undefined) => {
    if (id) go({ screen: "email", job: id });
  };
  const close = () => {
    const row = asking?.row.id;
    setAsking(null);
    // The button that opened the dialog is another one now; the dialog's own way back leads nowhere then.
    if (row) window.setTimeout(() => focusIsLost() && focusRow(row), 50);
  };
  const act = (row: MailboxRow, action: RowAction) =>
    action === "finish" ? toJob(row.disconnect) : setAsking({ row, action });

  return (
    <div className={css.screen}>
      <FinishSection cards={jobs.inPlace} focused={job} onWatch={jobs.watch} onPutAway={jobs.putAway} />
      <MailboxCard
        rows={mailboxes}
        anythingDone={jobs.done.length > 0}
        urgent={jobs.urgent}
        onTrack={() => setAdding("track")}
        onConnect={() => setAdding("connect")}
        onAction={act}
      />
      {others.length > 0 && <OthersSection rows={others} onAction={act} />}
      <DoneList cards={jobs.done} focused={job} />

      {asking && <RowDialogs asking={asking} onClose={close} onGuide={toJob} />}
      {adding === "track" && <TrackDialog onClose={() => setAdding(null)} />}
      {adding === "connect" && <ConnectDialog expect={null} inbox={null} onClose={() => setAdding(null)} />}
    </div>
  );
}
