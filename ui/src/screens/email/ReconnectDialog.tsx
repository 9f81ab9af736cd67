import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AppFailure, useBackend } from "../../backend";
import type { Asked } from "../../backend/generated/Asked";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { Opened } from "../../backend/generated/Opened";
import type { Provider } from "../../backend/generated/Provider";
import type { ReconnectView } from "../../backend/generated/ReconnectView";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { providerWords } from "../../words/facts";
import { rich } from "../../words/rich";
import { AccountHint } from "./AccountHint";
import { Instructions, Sources } from "./GuideText";
import css from "./Reconnect.module.css";

type Props = {
  row: Pick<MailboxRow, "id" | "address" | "provider"> & { team: boolean };
  onClose: () => void;
};

/** Connecting a mailbox of HubSpot's again: what will be asked for, the way there, and the word that it is done. */
export function ReconnectDialog({ row, onClose }: Props) {
  const backend = useBackend();
  const locale = useLocale();
  const open = useCommand((to) => to.openReconnectPage(row.id));
  const confirm = useCommand((to) => to.confirmReconnected(row.id));
  const [opened, setOpened] = useState<Opened | null>(null);
  const query = useQuery<ReconnectView, AppFailure>({
    queryKey: ["reconnect", row.id],
    queryFn: () => backend.reconnectGuide(row.id).catch((thrown) => Promise.reject(AppFailure.from(thrown))),
  });
  const view = query.data;

  const done = async () => {
    let failed = false;
    await confirm.run(undefined, () => {
      failed = true;
    });
    if (!failed) onClose();
  };

  return (
    <Dialog
      wide
      title={m.connect_reconnect_title({ address: row.address })}
      onClose={onClose}
      locked={confirm.busy}
      testid="dialog-reconnect"
    >
      <p>{rich((address) => m.reconnect_intro({ address }), <strong>{row.address}</strong>)}</p>
      <AccountHint address={row.address} kind="connect_again" provider={row.provider} team={row.team} page />
      <ErrorNote failure={query.error} />
      {view && view.asks.length > 0 && <Asks asks={view.asks} provider={row.provider} />}
      {view && view.guide.cautions.length > 0 && (
        <Note>
          {view.guide.cautions.map((caution) => (
            <p key={caution.en}>
              <T>{caution[locale]}</T>
            </p>
          ))}
        </Note>
      )}
      {view && (
        <>
          <Instructions title={m.guide_steps()} lines={view.guide.today} />
          <div className={css.open}>
            <Button
              autoFocus
              tone={opened ? "plain" : "strong"}
              busy={open.busy}
              isDisabled={!view.guide.page}
              onPress={() => void open.run().then((result) => result && setOpened(result))}
              data-testid="reconnect-open"
            >
              {m.guide_open_hubspot()}
            </Button>
            <span role="status" className={css.faint} data-testid="reconnect-opened">
              {opened && (opened.opened ? m.guide_opened() : m.guide_sample())}
            </span>
          </div>
          <ErrorNote failure={open.failure} onDismiss={open.forget} />
          <Sources sources={view.guide.sources} page={view.guide.page} />
        </>
      )}
      <ErrorNote failure={confirm.failure} />
      <DialogButtons>
        <Button onPress={onClose} isDisabled={confirm.busy} data-testid="dialog-cancel">
          {m.cancel()}
        </Button>
        <Button
          tone={opened ? "strong" : "plain"}
          busy={confirm.busy}
          onPress={() => void done()}
          data-testid="reconnect-done"
        >
          {m.reconnect_done()}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** The permissions in plain words, each with whether the vendor says so itself. */
function Asks({ asks, provider }: { asks: Asked[]; provider: Provider }) {
  const locale = useLocale();
  const privacy = useCommand((backend) => backend.openPrivacyPage());
  const [opened, setOpened] = useState<Opened | null>(null);
  return (
    <section className={css.asks} data-testid="reconnect-asks">
      <h3>
        <T>{m.reconnect_asks({ provider: providerWords(provider) })}</T>
      </h3>
      <ul>
        {asks.map((ask) => (
          <li key={ask.what.en} data-documented={ask.documented}>
            <span>
              <T>{ask.what[locale]}</T>
              {ask.scope && <code className={css.scope}>{ask.scope}</code>}
            </span>
            <span className={css.known}>
              {ask.documented ? m.reconnect_documented() : m.reconnect_unverified()}
            </span>
          </li>
        ))}
      </ul>
      {asks.some((ask) => !ask.documented) && (
        <p className={css.faint}>
          <T>{m.reconnect_unverified_hint()}</T>
        </p>
      )}
      {provider === "google" && (
        <p data-testid="reconnect-google-whole">
          <T>{m.reconnect_google_whole()}</T>
        </p>
      )}
      {provider === "google" && (
        <p data-testid="reconnect-google-once">
          <T>{m.reconnect_google_once()}</T>
        </p>
      )}
      <p className={css.privacy}>
        <span className={css.faint}>
          {provider === "google" ? m.reconnect_privacy_google() : m.reconnect_privacy()}
        </span>
        <Button
          small
          busy={privacy.busy}
          onPress={() => void privacy.run().then((result) => result && setOpened(result))}
          data-testid="privacy-open"
        >
          {m.reconnect_privacy_open()}
        </Button>
        <span role="status" className={css.faint} data-testid="privacy-opened">
          {opened && (opened.opened ? m.guide_opened() : m.guide_sample())}
        </span>
      </p>
      <ErrorNote failure={privacy.failure} onDismiss={privacy.forget} />
    </section>
  );
}
