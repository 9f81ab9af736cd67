import type { AccessOrder } from "../../backend/generated/AccessOrder";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Picker, TextField } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { organisationWords } from "../../words/admin";
import css from "./Access.module.css";
import { EVERYWHERE } from "./AccessCard";

export const ANY = "any";
const DAYS = ["30", "60", "90", "180"] as const;
export type Days = (typeof DAYS)[number];

type Props = {
  organisations: OrganisationView[];
  organisation: string;
  onOrganisation: (id: string) => void;
  text: string;
  onText: (text: string) => void;
  app: string;
  onApp: (key: string) => void;
  order: AccessOrder;
  onOrder: (order: AccessOrder) => void;
  days: Days | null;
  onDays: (days: Days) => void;
};

/** What of the list is wanted, and in which order. */
export function AccessFilter(props: Props) {
  const { organisations, organisation, days } = props;
  const within = organisations.filter((one) => organisation === EVERYWHERE || one.id === organisation);
  const apps = within.flatMap((one) => one.chosen);
  return (
    <search className={css.filter}>
      <TextField
        label={m.history_text()}
        placeholder={m.accesses_search()}
        type="search"
        value={props.text}
        onChange={props.onText}
        testid="access-text"
      />
      {organisations.length > 1 && (
        <Picker
          label={m.accesses_organisation()}
          value={organisation}
          onChange={props.onOrganisation}
          choices={[
            ...organisations.map((one) => ({ key: one.id, label: organisationWords(one) })),
            { key: EVERYWHERE, label: m.accesses_everywhere() },
          ]}
          testid="access-organisation"
        />
      )}
      {apps.length > 1 && (
        <Picker
          label={m.accesses_app()}
          value={apps.some((app) => app.key === props.app) ? props.app : ANY}
          onChange={props.onApp}
          choices={[
            { key: ANY, label: m.accesses_any_app() },
            ...apps.map((app) => ({ key: app.key, label: app.name })),
          ]}
          testid="access-app"
        />
      )}
      {days && (
        <Picker
          label={m.accesses_days()}
          value={days}
          onChange={props.onDays}
          choices={DAYS.map((key) => ({ key, label: m.accesses_days_of({ days: key }) }))}
          testid="access-days"
        />
      )}
      <Picker
        label={m.accesses_order()}
        value={props.order}
        onChange={props.onOrder}
        choices={[
          { key: "address", label: m.order_address() },
          { key: "last_use", label: m.order_last_use() },
          { key: "since", label: m.order_since() },
        ]}
        testid="access-order"
      />
    </search>
  );
}
