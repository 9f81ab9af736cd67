import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AppFailure, useBackend } from "../../backend";
import type { KeyringView } from "../../backend/generated/KeyringView";
import type { StorageView } from "../../backend/generated/StorageView";
import type { StoredFile } from "../../backend/generated/StoredFile";
import type { StoredKind } from "../../backend/generated/StoredKind";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNote } from "../../components/ErrorNote";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useOverview } from "../../state/overview";
import { keyringWords } from "../../words/facts";
import { bytesWords } from "../../words/numbers";
import { DevicesCard } from "./DevicesCard";
import css from "./Settings.module.css";

/** The name under which the system's keyring lists what Uncouple keeps in it. */
const KEYRING_NAME = "dev.uncouple.desktop";

/** Everything that is kept on this computer: what, where, who can read it, and how it is erased. */
export function StorageScreen() {
  const backend = useBackend();
  const { workspace } = useOverview();
  const keyring = useQuery<KeyringView, AppFailure>({
    queryKey: ["keyring"],
    queryFn: () => backend.keyring().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    // Somebody may have unlocked it since.
    staleTime: 0,
  });
  const storage = useQuery<StorageView, AppFailure>({
    queryKey: ["storage"],
    queryFn: () => backend.storage().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    staleTime: 0,
  });

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
          <p className={css.faint} data-testid="storage-readers">
            <T>{m.storage_readers()}</T>
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
        <DevicesCard />
        <ErrorNote failure={storage.error} />
        {storage.data && <Kept storage={storage.data} />}
        {storage.data && <Files files={storage.data.files} />}
        <Card title={m.storage_erase()} testid="storage-erase">
          <ul className={css.bullets}>
            {[
              m.storage_erase_tokens({ service: KEYRING_NAME }),
              m.storage_erase_files(),
              m.storage_erase_others(),
            ].map((line) => (
              <li key={line}>
                <T>{line}</T>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}

function Kept({ storage }: { storage: StorageView }) {
  const rows: [string, string][] = [
    [m.storage_row_workspace(), m.storage_where_file()],
    [m.storage_row_found(), m.storage_where_file()],
    [m.storage_row_runs(), m.storage_where_file()],
    [m.storage_row_secret(), m.storage_where_file()],
    [m.storage_row_tokens(), m.storage_where_keyring()],
    [m.storage_row_device(), m.storage_where_own()],
    [m.storage_row_this_run(), m.storage_where_memory()],
    [m.storage_row_passwords(), m.storage_where_never()],
    [m.storage_row_copies(), m.storage_where_folder({ path: storage.folder })],
    [m.storage_row_sample(), m.storage_where_folder({ path: storage.folder })],
    [m.storage_row_temporary(), m.storage_where_temporary({ path: storage.temporary })],
    [m.storage_row_exports(), m.storage_where_export({ path: storage.exports })],
    [m.storage_row_autostart(), m.storage_where_autostart()],
  ];
  return (
    <Card title={m.storage_what()} flush testid="storage-table">
      <Table heads={[m.storage_col_what(), m.storage_col_where()]}>
        {rows.map(([what, where]) => (
          <tr key={what}>
            <td>
              <T>{what}</T>
            </td>
            <td>
              <T>{where}</T>
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

const KINDS: Record<StoredKind, () => string> = {
  workspace: m.storage_kind_workspace,
  journal: m.storage_kind_journal,
  copy: m.storage_kind_copy,
  sample: m.storage_kind_sample,
  other: m.storage_kind_other,
};

function readersWords({ only_owner }: StoredFile): string {
  if (only_owner === null) return m.storage_by_folder();
  return only_owner ? m.storage_only_you() : m.storage_others();
}

function Files({ files }: { files: StoredFile[] }) {
  const locale = useLocale();
  return (
    <Card title={m.storage_files()} flush testid="storage-files">
      <Table
        heads={[m.storage_col_where(), m.storage_col_what(), m.storage_col_size(), m.storage_col_readable()]}
      >
        {files.map((file) => (
          <tr key={file.path} data-testid="storage-file-row" data-kind={file.kind}>
            <td className={css.path}>{file.path}</td>
            <td>{KINDS[file.kind]()}</td>
            <td>{bytesWords(file.bytes, locale)}</td>
            <td>
              <T>{readersWords(file)}</T>
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Table({ heads, children }: { heads: string[]; children: ReactNode }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
