import { useState } from "react";
import type { NoticeSettings } from "../../backend/generated/NoticeSettings";
import { Card } from "../../components/Card";
import { Check } from "../../components/Check";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Note } from "../../components/Note";
import { SaveBar } from "../../components/SaveBar";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useDesktop } from "../../state/notices";
import { useCommand, useOverview } from "../../state/overview";
import css from "./Settings.module.css";

const KINDS = [
  { key: "disconnected", words: m.alerts_disconnected, hint: m.alerts_disconnected_hint },
  { key: "lost", words: m.alerts_lost, hint: m.alerts_lost_hint },
  { key: "asked", words: m.alerts_asked, hint: m.alerts_asked_hint },
  { key: "reminders", words: m.alerts_reminders, hint: m.alerts_reminders_hint },
] as const;
const TIMES = [
  { key: "digest_at", testid: "digest-at", words: m.alerts_digest, hint: m.alerts_digest_hint },
  { key: "quiet_from", testid: "quiet-from", words: m.alerts_quiet_from, hint: m.alerts_quiet_hint },
  { key: "quiet_to", testid: "quiet-to", words: m.alerts_quiet_to, hint: undefined },
] as const;

/** What pops up on the desktop and when, and what the desktop offers at all. */
export function NoticeSettingsScreen() {
  const { settings, workspace } = useOverview();
  const desktop = useDesktop();
  const [draft, setDraft] = useState(settings.notices);
  const [days, setDays] = useState(String(settings.notices.keep_days));
  const [saved, setSaved] = useState(false);
  const save = useCommand((backend, to: NoticeSettings) => backend.saveNoticeSettings(to).then(() => true));
  const change = (part: Partial<NoticeSettings>) => {
    setSaved(false);
    setDraft({ ...draft, ...part });
  };

  return (
    <>
      <h1 className={css.title}>{m.alerts_heading()}</h1>
      <div className={css.stack}>
        {desktop.data && !desktop.data.popups && (
          <Note tone="warn" title={m.alerts_no_popups()}>
            {m.alerts_no_popups_hint()}
          </Note>
        )}
        <Card title={m.alerts_popups()} testid="alerts-card">
          <form
            className={css.form}
            onSubmit={(event) => {
              event.preventDefault();
              setSaved(false);
              void save.run({ ...draft, keep_days: numberIn(days) }).then((done) => setSaved(done === true));
            }}
          >
            <p className={css.lead}>
              <T>{workspace.reaches_members ? m.alerts_intro_sample() : m.alerts_intro()}</T>
            </p>
            <fieldset className={css.group}>
              <legend className="sr-only">{m.alerts_popups()}</legend>
              {KINDS.map(({ key, words, hint }) => (
                <Check
                  key={key}
                  label={words()}
                  hint={hint()}
                  on={draft[key]}
                  onChange={(on) => change({ [key]: on })}
                  testid={`notice-${key}`}
                />
              ))}
            </fieldset>
            <div className={css.times}>
              {TIMES.map(({ key, testid, words, hint }) => (
                <TextField
                  key={key}
                  label={words()}
                  hint={hint?.()}
                  placeholder={m.alerts_off()}
                  value={draft[key] ?? ""}
                  onChange={(text) => change({ [key]: text.trim() || null })}
                  testid={testid}
                />
              ))}
            </div>
            <div className={css.times}>
              <TextField
                label={m.alerts_keep()}
                hint={m.alerts_keep_hint()}
                value={days}
                onChange={(text) => {
                  setSaved(false);
                  setDays(text);
                }}
                testid="keep-days"
              />
            </div>
            <ErrorNote failure={save.failure} />
            <SaveBar tone="strong" busy={save.busy} saved={saved} testid="notices-save" />
          </form>
        </Card>
        <DesktopCard />
      </div>
    </>
  );
}

/** A number as it is typed, in full width too. The backend refuses 0, which stands for everything that is none. */
function numberIn(text: string): number {
  const digits = text.normalize("NFKC").trim();
  return /^\d{1,5}$/.test(digits) ? Math.min(Number(digits), 65_535) : 0;
}

/** What this computer's desktop offers. */
function DesktopCard() {
  const desktop = useDesktop();
  const autostart = useCommand((backend, on: boolean) => backend.setAutostart(on));
  const { data } = desktop;
  return (
    <Card title={m.desktop_heading()} testid="desktop-card">
      <div className={css.stack}>
        <ErrorNote failure={desktop.error} />
        {data && (
          <>
            <p className={css.line} data-testid="popups-state" data-popups={data.popups}>
              <StateMark mark={data.popups ? "ok" : "none"} />
              {data.popups ? m.desktop_popups() : m.alerts_no_popups()}
            </p>
            <p className={css.line} data-testid="tray-state" data-tray={data.tray}>
              <StateMark mark={data.tray ? "ok" : "none"} />
              {data.tray ? m.desktop_tray() : m.desktop_no_tray()}
            </p>
            {data.autostart === null ? (
              <p className={css.line} data-testid="autostart" data-autostart="none">
                <StateMark mark="none" />
                {m.desktop_no_autostart()}
              </p>
            ) : (
              <Check
                label={m.desktop_autostart()}
                hint={m.desktop_autostart_hint()}
                on={data.autostart}
                busy={autostart.busy}
                onChange={(on) => void autostart.run(on)}
                testid="autostart"
              />
            )}
          </>
        )}
        <ErrorNote failure={autostart.failure} onDismiss={autostart.forget} />
      </div>
    </Card>
  );
}
