import { useEffect, useState } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { focusIsLost } from "../../state/focus";
import { useOverview } from "../../state/overview";
import { go, goInstead } from "../../state/route";
import { ConnectDialog } from "./ConnectDialog";
import { DisableDialog } from "./DisableDialog";
import { DoneList } from "./DoneList";
import css from "./Email.module.css";
import { FinishSection } from "./FinishSection";
import { MailboxCard } from "./MailboxCard";
import { focusRow } from "./MailboxList";
import { RemoveDialog } from "./RemoveDialog";
import { TrackDialog } from "./TrackDialog";

type Asking =
  | { what: "disable" | "remove"; row: MailboxRow }
  | { what: "track" }
  | { what: "connect"; expect: MailboxRow | null };

/** Settings > General > Email. `job` is the disconnect to show, `open` the dialog to begin with. */
export function EmailScreen({ job, open }: { job?: string; open?: "track" | "connect" }) {
  const { mailboxes, disconnects } = useOverview();
  const [asking, setAsking] = useState<Asking | null>(null);
  // Jobs that were completed while somebody watched stay in their place until they are put away.
  const [watched, setWatched] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (!open) return;
    setAsking(open === "track" ? { what: "track" } : { what: "connect", expect: null });
    goInstead({ screen: "email" });
  }, [open]);

  const toJob = (id: string | null | undefined) => {
    if (id) go({ screen: "email", job: id });
  };
  const close = () => {
    const row = asking?.what === "disable" || asking?.what === "remove" ? asking.row.id : null;
    setAsking(null);
    // The button that opened the dialog is another one now; the dialog's own way back leads nowhere then.
    if (row) window.setTimeout(() => focusIsLost() && focusRow(row), 50);
  };
  const inPlace = disconnects.filter(
    (card) => (!card.completion.complete && (card.in_sight || card.id === job)) || watched.has(card.id),
  );
  const done = disconnects.filter((card) => card.completion.complete && !watched.has(card.id));

  return (
    <div className={css.screen}>
      <FinishSection
        cards={inPlace}
        focused={job}
        onWatch={(id) => setWatched((before) => (before.has(id) ? before : new Set([...before, id])))}
        onPutAway={(id) => setWatched((before) => new Set([...before].filter((other) => other !== id)))}
      />
      <MailboxCard
        rows={mailboxes}
        anythingDone={done.length > 0}
        urgent={inPlace.some((card) => !card.completion.complete)}
        onTrack={() => setAsking({ what: "track" })}
        onConnect={() => setAsking({ what: "connect", expect: null })}
        onDisable={(row) => setAsking({ what: "disable", row })}
        onRemove={(row) => setAsking({ what: "remove", row })}
        onReconnect={(row) => setAsking({ what: "connect", expect: row })}
        onFinish={(row) => toJob(row.disconnect)}
      />
      <DoneList cards={done} focused={job} />

      {asking?.what === "disable" && <DisableDialog row={asking.row} onClose={close} onGuide={toJob} />}
      {asking?.what === "remove" && <RemoveDialog row={asking.row} onClose={close} onGuide={toJob} />}
      {asking?.what === "track" && <TrackDialog onClose={close} />}
      {asking?.what === "connect" && <ConnectDialog expect={asking.expect} onClose={close} />}
    </div>
  );
}
