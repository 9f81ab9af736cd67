import { useState } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, TextField } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import css from "./Finish.module.css";

/** "It was not listed": whose list was it? */
export function NotListedForm({ card, onDone }: { card: DisconnectCard; onDone: () => void }) {
  const [whose, setWhose] = useState<"this" | "other" | "unknown" | null>(null);
  const [other, setOther] = useState("");
  const record = useCommand((backend, account: string | null) => backend.notListed(card.id, account));

  const submit = async () => {
    const account = whose === "this" ? card.address : whose === "other" ? other : null;
    let failed = false;
    await record.run(account, () => {
      failed = true;
    });
    if (!failed) onDone();
  };

  return (
    <form
      className={css.inline}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      data-testid="not-listed-form"
    >
      <Choices
        label={m.nl_question()}
        hint={m.nl_hint()}
        value={whose}
        onChange={setWhose}
        choices={[
          { key: "this", label: m.nl_this({ address: card.address }), testid: "not-listed-this" },
          { key: "other", label: m.nl_other(), testid: "not-listed-other" },
          { key: "unknown", label: m.nl_unknown(), testid: "not-listed-unknown" },
        ]}
      />
      {whose === "other" && (
        <TextField
          label={m.nl_other_label()}
          type="email"
          value={other}
          onChange={setOther}
          autoFocus
          testid="not-listed-address"
        />
      )}
      <ErrorNote failure={record.failure} />
      <div className={css.line}>
        <Button type="submit" isDisabled={!whose} busy={record.busy} data-testid="not-listed-submit">
          {m.nl_submit()}
        </Button>
        <Button tone="quiet" onPress={onDone} data-testid="not-listed-cancel">
          {m.cancel()}
        </Button>
      </div>
    </form>
  );
}
