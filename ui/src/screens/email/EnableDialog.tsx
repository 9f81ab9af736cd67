import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AppFailure, useBackend } from "../../backend";
import type { Guide } from "../../backend/generated/Guide";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { Opened } from "../../backend/generated/Opened";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { rich } from "../../words/rich";
import { AccountHint } from "./AccountHint";
import { Instructions, Sources } from "./GuideText";
import css from "./Reconnect.module.css";

type Props = { row: MailboxRow; onClose: () => void };

/** Enabling a mailbox of HubSpot's again: the way there, and the word that it is done. */
export function EnableDialog({ row, onClose }: Props) {
  const backend = useBackend();
  const locale = useLocale();
  const open = useCommand((to) => to.openEnablePage(row.id));
  const enable = useCommand((to) => to.enableMailbox(row.id).then(() => true));
  const [opened, setOpened] = useState<Opened | null>(null);
  const { data: guide, error } = useQuery<Guide, AppFailure>({
    queryKey: ["enable", row.id],
    queryFn: () => backend.enableGuide(row.id).catch((thrown) => Promise.reject(AppFailure.from(thrown))),
  });

  return (
    <Dialog
      wide
      title={m.dialog_enable_title()}
      onClose={onClose}
      locked={enable.busy}
      testid="dialog-enable"
    >
      <p>{rich((address) => m.dialog_enable_text({ address }), <strong>{row.address}</strong>)}</p>
      <AccountHint
        address={row.address}
        kind="disable_in_crm"
        provider={row.provider}
        team={row.inbox !== null}
        page
      />
      <ErrorNote failure={error} />
      {guide && (
        <>
          {guide.cautions.length > 0 && (
            <Note>
              {guide.cautions.map((caution) => (
                <p key={caution.en}>
                  <T>{caution[locale]}</T>
                </p>
              ))}
            </Note>
          )}
          <Instructions title={m.guide_steps()} lines={guide.today} />
          <div className={css.open}>
            <Button
              autoFocus
              tone={opened ? "plain" : "strong"}
              busy={open.busy}
              isDisabled={!guide.page}
              onPress={() => void open.run().then((result) => result && setOpened(result))}
              data-testid="enable-open"
            >
              {m.guide_open_hubspot()}
            </Button>
            <span role="status" className={css.faint} data-testid="enable-opened">
              {opened && (opened.opened ? m.guide_opened() : m.guide_sample())}
            </span>
          </div>
          <ErrorNote failure={open.failure} onDismiss={open.forget} />
          <Sources sources={guide.sources} page={guide.page} />
        </>
      )}
      <ErrorNote failure={enable.failure} />
      <DialogButtons>
        <Button onPress={onClose} isDisabled={enable.busy} data-testid="dialog-cancel">
          {m.cancel()}
        </Button>
        <Button
          tone={opened ? "strong" : "plain"}
          busy={enable.busy}
          onPress={() => void enable.run().then((done) => done && onClose())}
          data-testid="dialog-confirm"
        >
          {m.dialog_enable_yes()}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
