import { useState } from "react";
import type { AppFailure } from "../../backend";
import { AppMark } from "../../components/AppMark";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { goInstead } from "../../state/route";
import { errorWords } from "../../words/errors";
import css from "./Welcome.module.css";

type Way = "track" | "connect" | "sample" | "empty";

const WAYS: { way: Way; title: () => string; text: () => string }[] = [
  { way: "track", title: m.welcome_track, text: m.welcome_track_text },
  { way: "connect", title: m.welcome_connect, text: m.welcome_connect_text },
  { way: "sample", title: m.welcome_sample, text: m.welcome_sample_text },
  { way: "empty", title: m.welcome_empty, text: m.welcome_empty_text },
];

/** The first start: a name, and four ways to begin. */
export function Welcome() {
  const { me } = useOverview();
  const [name, setName] = useState(me.name);
  const [failure, setFailure] = useState<AppFailure | null>(null);
  const begin = useCommand((backend, way: Way) => {
    // The route is set first: the screen that it names appears as soon as the answer is there.
    goInstead(way === "track" || way === "connect" ? { screen: "email", open: way } : { screen: "email" });
    return way === "sample" ? backend.beginSample() : backend.beginEmpty(name);
  });
  const aboutName = failure?.code.startsWith("name_") ? failure : null;

  return (
    <main className={css.page} data-testid="welcome">
      <div className={css.sheet}>
        <div className={css.mark}>
          <AppMark size={40} />
        </div>
        <h1>{m.welcome_title()}</h1>
        <p className={css.lead}>
          <T>{m.welcome_text()}</T>
        </p>
        <div className={css.name}>
          <TextField
            label={m.welcome_name()}
            hint={m.welcome_name_hint()}
            value={name}
            onChange={(text) => {
              setName(text);
              setFailure(null);
            }}
            problem={aboutName && errorWords(aboutName)}
            autoFocus
            testid="welcome-name"
          />
        </div>
        {!aboutName && <ErrorNote failure={failure} onDismiss={() => setFailure(null)} />}
        <h2 id="welcome-how">{m.welcome_how()}</h2>
        <ul className={css.ways} aria-labelledby="welcome-how">
          {WAYS.map(({ way, title, text }) => (
            <li key={way}>
              <button
                type="button"
                className={css.way}
                disabled={begin.busy}
                onClick={() => void begin.run(way, setFailure)}
                data-testid={`welcome-${way}`}
              >
                <strong>{title()}</strong>
                <span>
                  <T>{text()}</T>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
