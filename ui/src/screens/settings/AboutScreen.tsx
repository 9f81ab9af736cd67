import { useDeferredValue, useMemo, useState } from "react";
import { AppMark } from "../../components/AppMark";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useDesktop } from "../../state/notices";
import css from "./About.module.css";
import licences from "./licences.json";
import settings from "./Settings.module.css";

export type Licence = { name: string; version: string; licence: string };

/** The version, and whose work is in the app. */
export function AboutScreen({ parts = licences as Licence[] }: { parts?: Licence[] }) {
  const desktop = useDesktop();
  return (
    <>
      <h1 className={settings.title}>{m.about_heading()}</h1>
      <div className={settings.stack}>
        <Card title={m.app_title()}>
          <div className={css.app}>
            <span className={css.mark}>
              <AppMark size={40} />
            </span>
            <div>
              <p data-testid="about-version">
                {desktop.data && m.about_version({ version: desktop.data.version })}
              </p>
              <p className={settings.faint}>
                <T>{m.about_text()}</T>
              </p>
              <p data-testid="about-status">
                <T>{m.about_status()}</T>
              </p>
            </div>
          </div>
          <ErrorNote failure={desktop.error} />
        </Card>
        <Licences parts={parts} />
      </div>
    </>
  );
}

/** Hundreds of names, folded by licence: what is folded is not written out. */
function Licences({ parts }: { parts: Licence[] }) {
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const groups = useMemo(() => {
    const found = new Map<string, Licence[]>();
    for (const part of parts) {
      if (wanted && !`${part.name} ${part.licence}`.toLowerCase().includes(wanted)) continue;
      found.set(part.licence, [...(found.get(part.licence) ?? []), part]);
    }
    return [...found].sort((a, b) => b[1].length - a[1].length);
  }, [parts, wanted]);

  return (
    <Card
      flush
      title={m.about_licences()}
      aside={<span className={settings.status}>{m.about_parts({ count: parts.length })}</span>}
      testid="licence-list"
    >
      <div className={css.filter}>
        <TextField
          label={m.about_search()}
          hideLabel
          placeholder={m.about_search()}
          type="search"
          value={text}
          onChange={setText}
          testid="licence-search"
        />
      </div>
      {groups.length === 0 && <p className={css.none}>{parts.length ? m.about_none() : m.about_empty()}</p>}
      {groups.map(([licence, members]) => (
        <Group key={licence} licence={licence} parts={members} open={wanted !== ""} />
      ))}
    </Card>
  );
}

function Group({ licence, parts, open }: { licence: string; parts: Licence[]; open: boolean }) {
  const [unfolded, setUnfolded] = useState(false);
  const shown = open || unfolded;
  return (
    <details
      className={css.group}
      open={shown}
      onToggle={(event) => !open && setUnfolded(event.currentTarget.open)}
      data-testid="licence-group"
      data-licence={licence}
    >
      <summary className={css.summary}>
        <span>{licence}</span>
        <span className={settings.status}>{m.about_parts({ count: parts.length })}</span>
      </summary>
      {shown && (
        <ul className={css.parts}>
          {parts.map((part) => (
            <li key={`${part.name} ${part.version}`}>
              {part.name} <span className={settings.faint}>{part.version}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
