import { useState } from "react";
import type { DeviceView } from "../../backend/generated/DeviceView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand, useOverview } from "../../state/overview";
import { errorWords } from "../../words/errors";
import { whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import css from "./Settings.module.css";

/** Which devices have used the workspace, and what this one is called on the others. */
export function DevicesCard() {
  const { devices } = useOverview().workspace;
  const here = devices.find((device) => device.this);
  const others = devices.filter((device) => !device.this);
  return (
    <Card title={m.devices_heading()} testid="devices-card">
      {here ? <NameForm key={here.id} here={here} /> : <p>{m.devices_no_identity()}</p>}
      <p className={css.faint}>
        <T>{m.devices_hint()}</T>
      </p>
      {others.length > 0 && <Others others={others} />}
    </Card>
  );
}

function NameForm({ here }: { here: DeviceView }) {
  const [name, setName] = useState(here.name);
  const [saved, setSaved] = useState(false);
  const rename = useCommand((backend, to: string) => backend.renameDevice(to).then(() => true));
  const aboutName = rename.failure?.code.startsWith("name_") ? rename.failure : null;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        setSaved(false);
        void rename.run(name).then((done) => setSaved(done === true));
      }}
    >
      <TextField
        label={m.devices_name()}
        hint={m.devices_name_hint()}
        value={name}
        onChange={(text) => {
          setName(text);
          setSaved(false);
        }}
        problem={aboutName && errorWords(aboutName)}
        testid="device-name"
      />
      {!aboutName && <ErrorNote failure={rename.failure} />}
      <div className={css.actions}>
        <Button tone="strong" type="submit" busy={rename.busy} data-testid="device-save">
          {m.save()}
        </Button>
        <span role="status" className={css.done}>
          {saved && m.saved()}
        </span>
      </div>
    </form>
  );
}

function Others({ others }: { others: DeviceView[] }) {
  const locale = useLocale();
  const about = (device: DeviceView): string => {
    const parts = [m.devices_since({ time: whenWords(device.since, locale) })];
    if (device.earlier) parts.push(m.devices_earlier({ file: device.file }));
    if (device.gone) parts.push(m.devices_gone());
    return parts.join(m.list_comma());
  };
  return (
    <>
      <h3>{m.devices_others()}</h3>
      <ul className={css.bullets} data-testid="other-devices">
        {others.map((device) => (
          <li key={device.id}>
            {whole(device.name)} <span className={css.faint}>{about(device)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
