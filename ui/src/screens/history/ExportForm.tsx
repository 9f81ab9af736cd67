import { useState } from "react";
import type { ExportFormat } from "../../backend";
import type { Exported } from "../../backend/generated/Exported";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, TextField } from "../../components/Field";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import css from "./History.module.css";

/** A name that sorts by day and can't overwrite another day's. */
export function suggestedPath(folder: string, format: ExportFormat, today: Date): string {
  const windows = folder.includes("\\");
  const separator = windows ? "\\" : "/";
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  const base = folder.endsWith(separator) ? folder : `${folder}${separator}`;
  return `${base}uncouple-history-${day}.${format}`;
}

/** Writes the history to a file. */
export function ExportForm() {
  const { workspace } = useOverview();
  const suggest = (format: ExportFormat) => suggestedPath(workspace.export_folder, format, new Date());
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [path, setPath] = useState(() => suggest("csv"));
  const [written, setWritten] = useState<Exported | null>(null);
  const write = useCommand((backend) => backend.exportHistory(format, path));

  const choose = (next: ExportFormat) => {
    setFormat(next);
    setWritten(null);
    // What somebody has typed stays, up to its ending.
    setPath(path === suggest(format) ? suggest(next) : path.replace(/\.(csv|json)$/i, `.${next}`));
  };
  const submit = async () => {
    setWritten(null);
    const result = await write.run();
    if (result) setWritten(result);
  };

  return (
    <Card title={m.history_export_heading()} testid="export-card">
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Choices
          label={m.history_export_format()}
          across
          value={format}
          onChange={choose}
          choices={[
            { key: "csv", label: "CSV", testid: "export-csv" },
            { key: "json", label: "JSON", testid: "export-json" },
          ]}
        />
        <TextField
          label={m.history_export_path()}
          value={path}
          onChange={(text) => {
            setPath(text);
            setWritten(null);
          }}
          testid="export-path"
        />
        <ErrorNote failure={write.failure} />
        <div>
          <Button type="submit" busy={write.busy} data-testid="export-submit">
            {m.history_export()}
          </Button>
        </div>
        {written && (
          <Note tone="good" live testid="export-result">
            <p>
              <T>{m.history_exported({ count: written.entries, path: written.path })}</T>
            </p>
            <p className={css.faint}>
              {m.history_head()} <code className={css.hash}>{written.head}</code>
            </p>
          </Note>
        )}
      </form>
    </Card>
  );
}
