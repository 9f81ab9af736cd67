import type { DeviceView } from "../../backend/generated/DeviceView";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useOverview } from "../../state/overview";
import { whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import { NameForm } from "./NameForm";
import css from "./Settings.module.css";

/** Which devices have used the workspace, and what this one is called on the others. */
export function DevicesCard() {
  const { devices } = useOverview().workspace;
  const here = devices.find((device) => device.this);
  const others = devices.filter((device) => !device.this);
  return (
    <Card title={m.devices_heading()} testid="devices-card">
      {here ? (
        <NameForm
          key={here.id}
          now={here.name}
          label={m.devices_name()}
          hint={m.devices_name_hint()}
          rename={(backend, name) => backend.renameDevice(name)}
          testid="device"
        />
      ) : (
        <p>{m.devices_no_identity()}</p>
      )}
      <p className={css.faint}>
        <T>{m.devices_hint()}</T>
      </p>
      {others.length > 0 && <Others others={others} />}
    </Card>
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
