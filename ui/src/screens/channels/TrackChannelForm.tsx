import { useEffect, useRef, useState } from "react";
import { type AppFailure, useBackend } from "../../backend";
import type { InboxView } from "../../backend/generated/InboxView";
import type { Provider } from "../../backend/generated/Provider";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, Picker, TextField } from "../../components/Field";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { errorWords } from "../../words/errors";
import css from "../email/Dialogs.module.css";
import { InUseNote } from "../email/InUseNote";
import { useHubSpotPage } from "../email/useHubSpotPage";

/** Nobody, as a choice of a list. */
const UNKNOWN = "unknown";

type Props = { inbox: InboxView; onClose: () => void; onBusy: (busy: boolean) => void };

/** Enters a team address that HubSpot has. */
export function TrackChannelForm({ inbox, onClose, onBusy }: Props) {
  const backend = useBackend();
  const { members } = useOverview();
  const [address, setAddress] = useState("");
  const [provider, setProvider] = useState<Provider | null>(null);
  const [connectedBy, setConnectedBy] = useState(UNKNOWN);
  const [unchosen, setUnchosen] = useState(false);
  const [problem, setProblem] = useState<AppFailure | null>(null);
  const [failure, setFailure] = useState<AppFailure | null>(null);
  const page = useHubSpotPage();
  const chosenByHand = useRef(false);
  const track = useCommand((to, chosen: Provider) =>
    to.trackChannel({
      inbox: inbox.id,
      address,
      provider: chosen,
      connectedBy: connectedBy === UNKNOWN ? null : connectedBy,
      hubspotPage: page.text.trim() || null,
    }),
  );
  useEffect(() => onBusy(track.busy), [track.busy, onBusy]);

  // A guess is only a help here: an address that is wrong is told when it is added.
  const guess = async () => {
    const found = await backend.guessProvider(address.trim()).catch(() => null);
    if (found?.provider && found.provider !== "imap" && !chosenByHand.current) setProvider(found.provider);
  };

  const submit = async () => {
    setFailure(null);
    setUnchosen(provider === null);
    if (provider === null) return;
    const id = await track.run(provider, (failed) => {
      if (failed.code.startsWith("address_")) setProblem(failed);
      else if (failed.code.startsWith("hubspot_page_")) page.refuse(failed);
      else setFailure(failed);
    });
    if (id !== undefined) onClose();
  };

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={m.track_address()}
        hint={m.channel_address_hint()}
        type="email"
        value={address}
        onChange={(text) => {
          setAddress(text);
          setProblem(null);
        }}
        onBlur={() => void guess()}
        problem={problem && errorWords(problem)}
        testid="channel-address"
      />
      <InUseNote failure={problem} onFollow={onClose} />
      <Choices
        label={m.track_provider()}
        across="columns"
        hint={m.channel_no_imap()}
        value={provider}
        onChange={(chosen) => {
          chosenByHand.current = true;
          setProvider(chosen);
          setUnchosen(false);
        }}
        problem={unchosen ? m.track_provider_missing() : null}
        choices={[
          { key: "google", label: m.provider_google_long(), testid: "channel-google" },
          { key: "microsoft365", label: m.provider_microsoft365_long(), testid: "channel-microsoft365" },
          { key: "outlook_com", label: m.provider_outlook_com_long(), testid: "channel-outlook_com" },
          { key: "hosted", label: m.provider_hosted_long(), testid: "channel-hosted" },
        ]}
      />
      {provider === "hosted" && (
        <Note testid="channel-hosted-note">
          <T>{m.channel_hosted()}</T>
        </Note>
      )}
      <Picker
        label={m.channel_connected_by()}
        hint={m.channel_connected_by_hint()}
        value={connectedBy}
        onChange={setConnectedBy}
        choices={[
          { key: UNKNOWN, label: m.channel_connected_by_unknown(), testid: "connected-by-unknown" },
          ...members.map(({ id, name }) => ({ key: id, label: name, testid: `connected-by-${id}` })),
        ]}
        testid="channel-connected-by"
      />
      <TextField
        label={m.track_page()}
        optional
        hint={page.account ? m.track_page_read(page.account) : m.track_page_hint()}
        value={page.text}
        onChange={page.change}
        onBlur={() => void page.read()}
        problem={page.problem && errorWords(page.problem)}
        testid="channel-page"
      />
      <ErrorNote failure={failure} />
      <DialogAnswers busy={track.busy} onCancel={onClose}>
        {m.track_submit()}
      </DialogAnswers>
    </form>
  );
}
