import { useEffect, useState } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { Opened } from "../../backend/generated/Opened";
import type { StepView } from "../../backend/generated/StepView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { AccountHint } from "./AccountHint";
import { Answers, type Remind } from "./Answers";
import { ByOrganisation } from "./ByOrganisation";
import css from "./Finish.module.css";
import { Article, Instructions, Section, Sources } from "./GuideText";

/** A step that a person does on a page of HubSpot's or the provider's. */
export function GuidedStep({ card, step, remind }: { card: DisconnectCard; step: StepView; remind: Remind }) {
  const open = useCommand((backend) => backend.openPage(card.id, step.kind));
  const [opened, setOpened] = useState<Opened | null>(null);
  const returned = useReturned(opened);
  const { guide } = step;

  return (
    <div className={css.guide}>
      <Before card={card} step={step} />
      {step.kind === "revoke_grant" && <ByOrganisation card={card} />}
      <div className={css.columns}>
        {guide && (
          <div className={css.pane}>
            {guide.page ? (
              <p className={css.page}>
                <span className={css.faint}>{m.guide_page()}</span>
                <code data-testid="guide-page">{guide.page.replace(/^https:\/\//, "")}</code>
              </p>
            ) : (
              <p className={css.faint}>
                <T>{m.guide_no_page()}</T>
              </p>
            )}
            {guide.listed_as && (
              <p>
                <T>{m.guide_listed_as({ name: guide.listed_as })}</T>
              </p>
            )}
            <Section section={guide.section} />
            <Instructions title={m.guide_steps()} lines={guide.today} />
            <Article lines={guide.article} />
            <Sources sources={guide.sources} page={guide.page} />
          </div>
        )}
        <div className={css.pane}>
          <AccountHint
            address={card.address}
            kind={step.kind}
            provider={card.provider}
            team={card.inbox !== null}
            page={Boolean(guide?.page)}
          />
          {step.actions.includes("open") && (
            <div className={css.line}>
              <Button
                tone={returned ? "plain" : "strong"}
                busy={open.busy}
                onPress={() => void open.run().then((result) => result && setOpened(result))}
                data-testid="step-open"
              >
                {openWords(card, step)}
              </Button>
              <span role="status" className={css.faint} data-testid="step-opened">
                {opened && (opened.opened ? m.guide_opened() : m.guide_sample())}
              </span>
            </div>
          )}
          <ErrorNote failure={open.failure} onDismiss={open.forget} />
        </div>
      </div>
      <Answers card={card} step={step} remind={remind} returned={returned} />
    </div>
  );
}

/** What a person should know before they open the page: what else stops, and what to mind. */
function Before({ card, step }: { card: DisconnectCard; step: StepView }) {
  const locale = useLocale();
  const stops = step.guide?.stops ?? [];
  const cautions = step.guide?.cautions ?? [];
  const shared = step.kind === "revoke_grant" ? card.shared_with : [];
  if (stops.length + cautions.length + shared.length === 0) return null;
  return (
    <Note tone="warn" testid="guide-stops">
      <div className={css.before}>
        {stops.length + shared.length > 0 && (
          <div>
            <p className={css.beforeTitle}>
              <T>{m.guide_stops()}</T>
            </p>
            <Bullets lines={stops.map((stop) => stop[locale])} across />
            {shared.length > 0 && (
              <p>
                <T>{m.guide_shared({ addresses: shared.join(m.list_comma()) })}</T>
              </p>
            )}
          </div>
        )}
        {cautions.length > 0 && (
          <div>
            <p className={css.beforeTitle}>
              <T>{m.guide_cautions()}</T>
            </p>
            <Bullets lines={cautions.map((caution) => caution[locale])} />
          </div>
        )}
      </div>
    </Note>
  );
}

function Bullets({ lines, across = false }: { lines: string[]; across?: boolean }) {
  if (lines.length === 0) return null;
  return (
    <ul className={across ? css.stops : css.bullets}>
      {lines.map((line) => (
        <li key={line}>
          <T>{line}</T>
        </li>
      ))}
    </ul>
  );
}

function openWords(card: DisconnectCard, step: StepView): string {
  if (step.kind !== "revoke_grant") return m.guide_open_hubspot();
  if (card.provider === "google") return m.guide_open_google();
  if (card.provider === "microsoft365" || card.provider === "outlook_com") return m.guide_open_microsoft();
  return m.guide_open_other();
}

/** Whether the person has come back to the window after a page was opened for them. */
function useReturned(opened: Opened | null): boolean {
  const [returned, setReturned] = useState(false);
  useEffect(() => {
    if (!opened) return;
    setReturned(false);
    if (!opened.opened) {
      // Nothing was opened from the sample, so nobody left.
      setReturned(true);
      return;
    }
    const back = () => setReturned(true);
    window.addEventListener("focus", back);
    return () => window.removeEventListener("focus", back);
  }, [opened]);
  return returned;
}
