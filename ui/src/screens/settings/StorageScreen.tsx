import { useQuery } from "@tanstack/react-query";
import { AppFailure, useBackend } from "../../backend";
import type { KeyringView } from "../../backend/generated/KeyringView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNote } from "../../components/ErrorNote";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { keyringWords } from "../../words/facts";
import css from "./Settings.module.css";

/** What is kept where, and whether the keyring can be used. */
export function StorageScreen() {
  const backend = useBackend();
  const { workspace } = useOverview();
  const keyring = useQuery<KeyringView, AppFailure>({
    queryKey: ["keyring"],
    queryFn: () => backend.keyring().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    // Somebody may have unlocked it since.
    staleTime: 0,
  });
  const rows: [string, string][] = [
    [m.storage_row_workspace(), m.storage_where_file()],
    [m.storage_row_tokens(), m.storage_where_keyring()],
    [m.storage_row_this_run(), m.storage_where_memory()],
    [m.storage_row_passwords(), m.storage_where_never()],
    [m.storage_row_exports(), m.storage_where_export()],
  ];

  return (
    <>
      <h1 className={css.title}>{m.storage_heading()}</h1>
      <div className={css.stack}>
        <Card title={m.storage_file()} testid="storage-file">
          <p className={css.line}>
            <span className={css.path} data-testid="workspace-path">
              {workspace.path}
            </span>
            <CopyButton text={workspace.path} label={m.copy()} />
          </p>
          <p className={css.faint}>
            <T>{m.storage_file_hint()}</T>
          </p>
        </Card>
        <Card title={m.storage_keyring()} testid="storage-keyring">
          <div className={css.line}>
            {keyring.data && (
              <>
                <StateMark mark={keyring.data.trouble ? "lost" : "ok"} />
                <span role="status" data-testid="keyring-state" data-trouble={keyring.data.trouble ?? "none"}>
                  {keyringWords(keyring.data.trouble)}
                </span>
              </>
            )}
            <Button
              small
              busy={keyring.isFetching}
              onPress={() => void keyring.refetch()}
              data-testid="keyring-check"
            >
              {m.storage_keyring_check()}
            </Button>
          </div>
          <ErrorNote failure={keyring.error} />
          <p className={css.faint}>
            <T>{m.storage_keyring_hint()}</T>
          </p>
        </Card>
        <Card title={m.storage_what()} flush testid="storage-table">
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{m.storage_col_what()}</th>
                <th scope="col">{m.storage_col_where()}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([what, where]) => (
                <tr key={what}>
                  <td>{what}</td>
                  <td>{where}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      </div>
    </>
  );
}
