import { useState } from "react";
import type { InboxView } from "../../backend/generated/InboxView";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { Choices } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import type { ChannelsOpen } from "../../state/route";
import css from "../email/Dialogs.module.css";
import { OtherForm } from "./OtherForm";
import { TrackChannelForm } from "./TrackChannelForm";

export type ChannelWay = Exclude<ChannelsOpen, "inbox">;

/** "Connect a channel": three ways to get one on the list. */
export function ChannelDialog({
  inbox,
  begin,
  onClose,
  onSignIn,
}: {
  inbox: InboxView;
  begin: ChannelWay;
  onClose: () => void;
  onSignIn: () => void;
}) {
  const { workspace } = useOverview();
  const [way, setWay] = useState<ChannelWay>(begin);
  const [locked, setLocked] = useState(false);
  const ways: { key: ChannelWay; label: string; testid: string }[] = [
    { key: "track", label: m.channel_way_track(), testid: "channel-way-track" },
    // Nobody signs in from the sample.
    ...(workspace.sample
      ? []
      : [{ key: "connect" as const, label: m.channel_way_connect(), testid: "channel-way-connect" }]),
    { key: "other", label: m.channel_way_other(), testid: "channel-way-other" },
  ];

  return (
    <Dialog
      wide
      title={m.channel_title({ inbox: inbox.name })}
      onClose={onClose}
      locked={locked}
      testid="dialog-channel"
    >
      <Choices label={m.channel_way()} value={way} onChange={setWay} choices={ways} />
      {way === "track" && <TrackChannelForm inbox={inbox} onClose={onClose} onBusy={setLocked} />}
      {way === "other" && <OtherForm inbox={inbox} onClose={onClose} onBusy={setLocked} />}
      {way === "connect" && (
        <div className={css.form}>
          <p>
            <T>{m.connect_intro()}</T>
          </p>
          <DialogButtons>
            <Button onPress={onClose} data-testid="dialog-cancel">
              {m.cancel()}
            </Button>
            <Button tone="strong" onPress={onSignIn} data-testid="dialog-confirm">
              {m.channel_sign_in()}
            </Button>
          </DialogButtons>
        </div>
      )}
    </Dialog>
  );
}
