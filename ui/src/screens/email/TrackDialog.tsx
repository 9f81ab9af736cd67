import { useRef, useState } from "react";
import type { AppFailure } from "../../backend";
import { useBackend } from "../../backend";
import type { ErrorCode } from "../../backend/generated/ErrorCode";
import type { GuessedBy } from "../../backend/generated/GuessedBy";
import type { Provider } from "../../backend/generated/Provider";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { errorWords } from "../../words/errors";
import css from "./Dialogs.module.css";
import { InUseNote } from "./InUseNote";
import { useHubSpotPage } from "./useHubSpotPage";

const GUESSED: Record<GuessedBy, () => string> = {
  domain: m.track_guess_domain,
  mx: m.track_guess_mx,
  nothing: m.track_guess_nothing,
  no_answer: m.track_guess_no_answer,
};

const ABOUT_ADDRESS: ReadonlySet<ErrorCode> = new Set([
  "address_empty",
  "address_too_long",
  "address_no_at",
  "address_two_ats",
  "address_control",
  "address_quoted",
  "address_local",
  "address_domain",
  "address_in_use",
]);

/** Enters a mailbox that HubSpot has. */
export function TrackDialog({ onClose }: { onClose: () => void }) {
  const backend = useBackend();
  const [address, setAddress] = useState("");
  const [provider, setProvider] = useState<Provider | null>(null);
  const page = useHubSpotPage();
  const [guess, setGuess] = useState<GuessedBy | "looking" | null>(null);
  const [addressProblem, setAddressProblem] = useState<AppFailure | null>(null);
  const [unchosen, setUnchosen] = useState(false);
  const [failure, setFailure] = useState<AppFailure | null>(null);
  const track = useCommand((to, chosen: Provider) =>
    to.trackMailbox({ address, provider: chosen, hubspotPage: page.text.trim() || null }),
  );
  const asked = useRef("");
  const chosenByHand = useRef(false);

  const lookUp = async () => {
    const text = address.trim();
    if (!text || text === asked.current) return;
    asked.current = text;
    setGuess("looking");
    try {
      const found = await backend.guessProvider(text);
      if (asked.current !== text) return;
      setGuess(chosenByHand.current ? null : found.how);
      if (found.provider && !chosenByHand.current) setProvider(found.provider);
    } catch (thrown) {
      if (asked.current !== text) return;
      setGuess(null);
      setAddressProblem(thrown as AppFailure);
    }
  };

  const submit = async () => {
    setFailure(null);
    setUnchosen(provider === null);
    if (provider === null) return;
    const id = await track.run(provider, (failed) => {
      if (ABOUT_ADDRESS.has(failed.code)) setAddressProblem(failed);
      else if (failed.code.startsWith("hubspot_page_")) page.refuse(failed);
      else setFailure(failed);
    });
    if (id !== undefined) onClose();
  };

  return (
    <Dialog wide title={m.track_title()} onClose={onClose} locked={track.busy} testid="dialog-track">
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>
          <T>{m.track_intro()}</T>
        </p>
        <TextField
          label={m.track_address()}
          hint={m.track_address_hint()}
          type="email"
          autoFocus
          value={address}
          onChange={(text) => {
            setAddress(text);
            setAddressProblem(null);
          }}
          onBlur={() => void lookUp()}
          problem={addressProblem && errorWords(addressProblem)}
          testid="track-address"
        />
        <InUseNote failure={addressProblem} onFollow={onClose} />
        <Choices
          label={m.track_provider()}
          across="columns"
          value={provider}
          onChange={(chosen) => {
            chosenByHand.current = true;
            setProvider(chosen);
            setUnchosen(false);
            setGuess(null);
          }}
          problem={unchosen ? m.track_provider_missing() : null}
          choices={[
            { key: "google", label: m.provider_google_long(), testid: "track-google" },
            { key: "microsoft365", label: m.provider_microsoft365_long(), testid: "track-microsoft365" },
            { key: "outlook_com", label: m.provider_outlook_com_long(), testid: "track-outlook_com" },
            { key: "imap", label: m.provider_imap_long(), testid: "track-imap" },
          ]}
          testid="track-provider"
        />
        {/* Two lines are kept free, so that the guess does not move what is below. */}
        <p className={css.guess} role="status" data-testid="track-guess">
          {guess === "looking" ? m.track_guessing() : guess && GUESSED[guess]()}
        </p>
        <TextField
          label={m.track_page()}
          optional
          hint={page.account ? m.track_page_read(page.account) : m.track_page_hint()}
          value={page.text}
          onChange={page.change}
          onBlur={() => void page.read()}
          problem={page.problem && errorWords(page.problem)}
          testid="track-page"
        />
        <ErrorNote failure={failure} />
        <DialogAnswers busy={track.busy} onCancel={onClose}>
          {m.track_submit()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}
