import { useState } from "react";
import type { Pace } from "../../backend/generated/Pace";
import type { Paces } from "../../backend/generated/Paces";
import type { Suite } from "../../backend/generated/Suite";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Fold } from "../../components/Fold";
import { SaveBar } from "../../components/SaveBar";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { suiteWords } from "../../words/admin";
import settings from "../settings/Settings.module.css";
import css from "./Paces.module.css";

type Draft = Record<Suite, Record<keyof Pace, string>>;

const FIELDS = [
  { key: "calls_per_minute", words: m.pace_calls, hint: m.pace_calls_hint, least: 0, most: 100_000 },
  { key: "connections", words: m.pace_connections, hint: m.pace_connections_hint, least: 1, most: 64 },
] as const;
const SUITES: Suite[] = ["google", "microsoft"];

const text = (pace: Pace) => ({
  calls_per_minute: String(pace.calls_per_minute),
  connections: String(pace.connections),
});

/** How hard the providers may be worked. */
export function PacesForm({ paces }: { paces: Paces }) {
  const [draft, setDraft] = useState<Draft>({ google: text(paces.google), microsoft: text(paces.microsoft) });
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const save = useCommand((backend, to: Paces) => backend.savePaces(to).then(() => true as const));
  const change = (suite: Suite, key: keyof Pace, value: string) => {
    setSaved(false);
    setDraft({ ...draft, [suite]: { ...draft[suite], [key]: value } });
  };
  const problem = (value: string, least: number, most: number) => {
    const number = Number(value.trim());
    const fits = /^\d+$/.test(value.trim()) && number >= least && number <= most;
    return fits ? null : m.pace_range({ least, most });
  };
  const submit = async () => {
    setTried(true);
    setSaved(false);
    const wrong = SUITES.some((suite) =>
      FIELDS.some(({ key, least, most }) => problem(draft[suite][key], least, most)),
    );
    if (wrong) return;
    const pace = (suite: Suite): Pace => ({
      calls_per_minute: Number(draft[suite].calls_per_minute),
      connections: Number(draft[suite].connections),
    });
    setSaved((await save.run({ google: pace("google"), microsoft: pace("microsoft") })) === true);
  };

  return (
    <Card title={m.paces_heading()} testid="paces-card">
      <Fold title={m.paces_open()} testid="paces">
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <p className={settings.lead}>
            <T>{m.paces_intro()}</T>
          </p>
          {SUITES.map((suite) => (
            <fieldset key={suite} className={css.suite}>
              <legend>{suiteWords(suite)}</legend>
              {FIELDS.map(({ key, words, hint, least, most }) => (
                <TextField
                  key={key}
                  label={words()}
                  hint={hint()}
                  value={draft[suite][key]}
                  onChange={(value) => change(suite, key, value)}
                  problem={tried ? problem(draft[suite][key], least, most) : null}
                  testid={`pace-${suite}-${key}`}
                />
              ))}
            </fieldset>
          ))}
          <ErrorNote failure={save.failure} />
          <SaveBar busy={save.busy} saved={saved} testid="paces-save" />
        </form>
      </Fold>
    </Card>
  );
}
