import { useState } from "react";
import type { AppFailure } from "../../backend";
import type { Column } from "../../backend/generated/Column";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { PlanAsk } from "../../backend/generated/PlanAsk";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, Picker, TextField } from "../../components/Field";
import { MomentField } from "../../components/MomentField";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { go } from "../../state/route";
import { organisationWords } from "../../words/admin";
import { errorWords } from "../../words/errors";
import { columnWords } from "../../words/runs";
import dialogs from "../email/Dialogs.module.css";

type Props = {
  /** Those with a chosen app. */
  organisations: OrganisationView[];
  /** The one that is looked at. */
  organisation: string;
  onClose: () => void;
};

function usePlan() {
  const plan = useCommand((backend, ask: PlanAsk) => backend.plan(ask));
  return {
    ...plan,
    make: async (ask: PlanAsk, failed?: (failure: AppFailure) => void) => {
      const made = await plan.run(ask, failed);
      if (made) go({ screen: "runs", run: made.id });
    },
  };
}

function useWhere({ organisations, organisation }: Props) {
  const first = organisations.find((one) => one.id === organisation) ?? organisations[0];
  return useState(first?.id ?? "");
}

function Where({
  organisations,
  value,
  onChange,
}: Pick<Props, "organisations"> & { value: string; onChange: (id: string) => void }) {
  if (organisations.length < 2) return null;
  return (
    <Picker
      label={m.accesses_organisation()}
      value={value}
      onChange={onChange}
      choices={organisations.map((one) => ({ key: one.id, label: organisationWords(one) }))}
      testid="plan-organisation"
    />
  );
}

/** The columns of a list that a person must choose from. */
function columnsOf(failure: AppFailure | null): Column[] {
  const asked = failure?.code === "list_columns" || failure?.code === "list_no_column";
  return asked ? (JSON.parse(failure.details.choices ?? "[]") as Column[]) : [];
}

/** A plan for pasted addresses, or those in a file. */
export function FromListDialog(props: Props) {
  const { organisations, onClose } = props;
  const [where, setWhere] = useWhere(props);
  const [from, setFrom] = useState<"text" | "file">("text");
  const [text, setText] = useState("");
  const [path, setPath] = useState("");
  const [columns, setColumns] = useState<Column[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const plan = usePlan();
  const another = () => {
    setColumns([]);
    setChosen(null);
    plan.forget();
  };
  const make = () => {
    const column = chosen;
    const list = from === "text" ? { from, text } : { from, path: path.trim() };
    void plan.make({ ...list, organisation: where, column }, (failure) => {
      const choices = columnsOf(failure);
      setColumns(choices);
      if (!choices.some(({ index }) => String(index) === chosen)) setChosen(null);
    });
  };
  const problem = plan.failure?.code.startsWith("list_") ? errorWords(plan.failure) : null;
  return (
    <Dialog title={m.list_title()} onClose={onClose} locked={plan.busy} wide testid="dialog-list">
      <form
        className={dialogs.form}
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <p>
          <T>{m.list_text()}</T>
        </p>
        <Where organisations={organisations} value={where} onChange={setWhere} />
        <Choices
          label={m.list_from()}
          across
          value={from}
          onChange={(key) => {
            setFrom(key);
            another();
          }}
          choices={[
            { key: "text", label: m.list_paste(), testid: "list-paste" },
            { key: "file", label: m.list_file(), testid: "list-file" },
          ]}
        />
        {from === "text" ? (
          <TextField
            label={m.list_addresses()}
            hint={m.list_addresses_hint()}
            lines={8}
            value={text}
            onChange={(value) => {
              setText(value);
              another();
            }}
            problem={problem}
            testid="list-text"
          />
        ) : (
          <TextField
            label={m.list_path()}
            hint={m.list_path_hint()}
            value={path}
            onChange={(value) => {
              setPath(value);
              another();
            }}
            problem={problem}
            testid="list-path"
          />
        )}
        {columns.length > 0 && (
          <Choices
            label={m.list_column()}
            value={chosen}
            onChange={(key) => {
              setChosen(key);
              plan.forget();
            }}
            choices={columns.map((column) => ({
              key: String(column.index),
              label: columnWords(column),
              testid: `list-column-${column.index}`,
            }))}
            testid="list-column"
          />
        )}
        {!problem && <ErrorNote failure={plan.failure} />}
        <DialogAnswers busy={plan.busy} onCancel={onClose}>
          {m.plan_make()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}

/** A plan for everything of one person, now or on a day. */
export function LeaverDialog(props: Props) {
  const { organisations, onClose } = props;
  const [where, setWhere] = useWhere(props);
  const [address, setAddress] = useState("");
  const [when, setWhen] = useState<"now" | "then">("now");
  const [moment, setMoment] = useState<Date | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const plan = usePlan();
  const aboutAddress = plan.failure?.code.startsWith("address_") ? errorWords(plan.failure) : null;
  const submit = () => {
    if (when === "then" && (moment === null || moment <= new Date())) {
      setProblem(moment === null ? m.leaver_when_missing() : m.leaver_when_past());
      return;
    }
    const not_before = when === "then" && moment ? moment.toISOString() : null;
    void plan.make({ from: "leaver", organisation: where, address: address.trim(), not_before });
  };
  return (
    <Dialog title={m.leaver_title()} onClose={onClose} locked={plan.busy} testid="dialog-leaver">
      <form
        className={dialogs.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>
          <T>{m.leaver_text()}</T>
        </p>
        <Where organisations={organisations} value={where} onChange={setWhere} />
        <TextField
          label={m.track_address()}
          type="email"
          value={address}
          onChange={(value) => {
            setAddress(value);
            plan.forget();
          }}
          problem={aboutAddress}
          autoFocus
          testid="leaver-address"
        />
        <Choices
          label={m.leaver_when()}
          across
          value={when}
          onChange={setWhen}
          choices={[
            { key: "now", label: m.leaver_now(), testid: "leaver-now" },
            { key: "then", label: m.leaver_then(), testid: "leaver-then" },
          ]}
        />
        {when === "then" && (
          <>
            <MomentField
              label={m.leaver_moment()}
              problem={problem}
              openLabel={m.leaver_calendar()}
              onChange={(value) => {
                setMoment(value);
                setProblem(null);
              }}
              testid="leaver-moment"
            />
            <Note>
              <T>{m.leaver_app_runs()}</T>
            </Note>
          </>
        )}
        {!aboutAddress && <ErrorNote failure={plan.failure} />}
        <DialogAnswers busy={plan.busy} onCancel={onClose}>
          {m.plan_make()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}
